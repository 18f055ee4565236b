import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { VARIABLES } from '@powerfill/platform';
import { TenantCatalogue } from '@powerfill/tenancy';
import { parse } from 'yaml';

/*
 * Docker is not there where these tests run, so they read the files: everything that refers to something else must refer
 * to something that exists. They cannot show that the containers start.
 */

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly configs?: readonly { readonly source: string; readonly target: string }[];
  readonly stop_grace_period?: string;
  readonly restart?: string;
  readonly container_name?: string;
  readonly deploy?: { readonly replicas: number };
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly configs: Readonly<Record<string, { readonly content: string }>>;
}

const root = resolve(__dirname, '..');
const text = (name: string) => readFileSync(resolve(root, name), 'utf8');
const compose = parse(text('docker-compose.yml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.build !== undefined);

function service(name: string): Service {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
}

/** The tenant catalogue as a container gets it: Compose turns `$$` into `$`. */
const catalogueText = () => (compose.configs['tenants']?.content ?? '').replaceAll('$$', '$');

const seconds = (duration: string | undefined) => Number(/^(\d+)s$/.exec(duration ?? '')?.[1]);

/** The source of a script that a container runs: dist/apps/api/src/main.js is built from apps/api/src/main.ts. */
const sourceOf = (script: string) => resolve(root, script.replace(/^dist\//, '').replace(/\.js$/, '.ts'));

describe('docker-compose.yml', () => {
  it('has the database, Redis, the migrations, the API and workers', () => {
    expect(services.map(([name]) => name)).toEqual(
      expect.arrayContaining(['sqlserver', 'redis', 'migrations', 'api', 'worker']),
    );
  });

  it.each(ours)('runs a script of this repository as %s', (_name, { command }) => {
    const [program, script] = command ?? (JSON.parse(/^CMD (.+)$/m.exec(text('Dockerfile'))?.[1] ?? '[]') as string[]);
    expect(program).toBe('node');
    expect(existsSync(sourceOf(script ?? ''))).toBe(true);
  });

  it.each(ours)(
    'gives %s only variables that the environment knows, with values it accepts',
    (_name, { environment }) => {
      for (const [variable, value] of Object.entries(environment ?? {})) {
        if (catalogueText().includes(`\${${variable}}`)) continue;
        expect(Object.keys(VARIABLES)).toContain(variable);
        const plain = value.replace(/\$\{\w+:-([^}]*)\}/g, '$1');
        expect(() => VARIABLES[variable as keyof typeof VARIABLES].parse(plain)).not.toThrow();
      }
    },
  );

  it.each(ours)('gives %s the default of each variable an operator may set', (_name, { environment }) => {
    for (const [variable, value] of Object.entries(environment ?? {})) {
      const fallback = /^\$\{(\w+):-([^}]*)\}$/.exec(value);
      if (fallback === null) continue;
      expect(fallback[1]).toBe(variable);
      expect([variable, fallback[2]]).toEqual([variable, VARIABLES[variable as keyof typeof VARIABLES].default]);
    }
  });

  it.each(services)('waits, in %s, only for services that exist, in a way they can answer', (_name, { depends_on }) => {
    for (const [name, { condition }] of Object.entries(depends_on ?? {})) {
      const other = service(name);
      if (condition === 'service_healthy') expect(other.healthcheck).toBeDefined();
      if (condition === 'service_completed_successfully') expect(other.restart).toBe('no');
      expect(['service_healthy', 'service_completed_successfully']).toContain(condition);
    }
  });

  it.each(services)('mounts, in %s, only volumes and configs that are declared', (_name, { volumes, configs }) => {
    for (const mount of volumes ?? []) expect(Object.keys(compose.volumes)).toContain(mount.split(':')[0]);
    for (const { source } of configs ?? []) expect(Object.keys(compose.configs)).toContain(source);
  });

  it.each(services)(
    'forwards, for %s, ports of 127.0.0.1 only, as long as there is no authentication',
    (_name, { ports }) => {
      for (const port of ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
    },
  );

  it('asks for every value without a default by name, so that a missing one stops the start', () => {
    for (const [, , rest] of text('docker-compose.yml').matchAll(/(?<!\$)\$\{(\w+)([^}]*)\}/g)) {
      expect(rest).toMatch(/^:[-?]./);
    }
  });

  it('hands the catalogue to every process where TENANT_CATALOGUE says', () => {
    for (const [, { environment, configs }] of ours) {
      expect(configs?.map(({ target }) => target)).toContain(environment?.['TENANT_CATALOGUE']);
    }
    const given = { MSSQL_SA_PASSWORD: 'p@ss/word:1' };
    const [tenant] = TenantCatalogue.parse(catalogueText(), given).all();
    const { driver, connection } = tenant?.database ?? {};
    expect({ key: tenant?.key, driver, host: connection?.host }).toEqual({
      key: 'demo',
      driver: 'mssql',
      host: 'sqlserver',
    });
    expect(connection?.password).toBe(given.MSSQL_SA_PASSWORD);
    for (const [, { environment }] of ours) expect(Object.keys(environment ?? {})).toContain('MSSQL_SA_PASSWORD');
  });

  it('lets Redis keep queued runs: nothing evicted, an append-only file on a volume', () => {
    const { command, volumes } = service('redis');
    const settings = (command ?? []).join(' ');
    expect(settings).toContain('--maxmemory-policy noeviction');
    expect(settings).toContain('--appendonly yes');
    expect(volumes?.some((mount) => mount.endsWith(':/data'))).toBe(true);
  });

  it('starts two workers, and lets them scale: no fixed name and no host port', () => {
    expect(service('worker').deploy?.replicas).toBe(2);
    expect(service('worker').container_name).toBeUndefined();
    expect(service('worker').ports).toBeUndefined();
  });

  it('gives API and workers longer to stop than the grace of a run and 5 s', () => {
    const grace = Number(service('worker').environment?.['SHUTDOWN_GRACE_MS']) / 1000;
    expect(seconds(service('worker').stop_grace_period)).toBeGreaterThan(grace + 5);
    const defaultGrace = Number(VARIABLES.SHUTDOWN_GRACE_MS.default) / 1000;
    expect(seconds(service('api').stop_grace_period)).toBeGreaterThan(defaultGrace + 5);
  });

  it('probes the port a process listens on', () => {
    for (const [name, variable] of [
      ['api', 'PORT'],
      ['worker', 'WORKER_PORT'],
    ] as const) {
      const { environment, healthcheck } = service(name);
      expect(healthcheck?.test.join(' ')).toContain(`http://127.0.0.1:${environment?.[variable] ?? ''}/`);
    }
  });
});

describe('Dockerfile', () => {
  const lines = text('Dockerfile')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const stages = lines.filter((line) => line.startsWith('FROM '));
  const last = lines.slice(lines.lastIndexOf(stages.at(-1) ?? ''));

  it('builds on the Node version that package.json asks for', () => {
    for (const stage of stages) expect(stage).toMatch(/^FROM node:20-slim( AS \w+)?$/);
  });

  it('ends as an ordinary user, with production packages only', () => {
    expect(last).toContain('USER node');
    expect(lines).toContainEqual(expect.stringMatching(/^RUN npm ci --omit=dev/));
    expect(last.filter((line) => line.startsWith('RUN'))).toEqual([]);
  });

  it('copies between stages that exist', () => {
    const names = stages.map((stage) => stage.split(' AS ')[1]);
    for (const line of lines.filter((candidate) => candidate.includes('--from='))) {
      expect(names).toContain(/--from=(\w+)/.exec(line)?.[1]);
    }
  });

  it('takes from the checkout only what exists and .dockerignore lets through', () => {
    const admitted = text('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'));
    const copied = lines.filter((line) => line.startsWith('COPY ') && !line.includes('--from='));
    for (const name of copied.flatMap((line) => line.split(' ').slice(1, -1))) {
      if (name === '.') continue;
      expect(existsSync(resolve(root, name))).toBe(true);
      expect(admitted).toContain(`!${name}`);
    }
  });

  it('stops on the signal the applications drain on', () => {
    expect(last).toContain('STOPSIGNAL SIGTERM');
    expect(last.at(-1)).toMatch(/^CMD \["node", /);
  });
});
