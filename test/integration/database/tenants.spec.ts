import { checkConnections, sessionName } from '@powerfill/core/runs/connection-budget';
import { parseConnectionUrl, sql } from '@powerfill/database';
import {
  currentTenant,
  NoTenantScopeError,
  TenantCatalogue,
  TenantDatabasesBusyError,
  TenantDataSources,
  TenantDataSourcesClosedError,
  tenantDatabase,
  TenantScope,
  type Tenant,
} from '@powerfill/tenancy';
import { itWith } from '../../support/features';
import { freshDatabase, isOnSqlServer, type TestDatabase } from '../../support/servers';
import { countSessions } from '../../support/sessions';

/** Opening a connection takes Babelfish half a second, and more on a busy machine. */
const PATIENCE = isOnSqlServer() ? 10 : 1;
jest.setTimeout(60_000 * PATIENCE);

let database: TestDatabase;
let dataSources: TenantDataSources;
let scope: TenantScope;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());
beforeEach(() => {
  dataSources = new TenantDataSources({ connections: 8, bounds: { connectTimeoutMs: 10_000 * PATIENCE } });
  scope = new TenantScope(dataSources);
});
afterEach(() => dataSources.close());

const tenant = (tenantId: string, port?: number): Tenant => {
  const { driver, connection } = parseConnectionUrl(database.url);
  return {
    key: `key-of-${tenantId}`,
    tenantId,
    database: { driver, schema: 'public', connection: port === undefined ? connection : { ...connection, port } },
    upstream: 'managed',
    timeZone: 'America/New_York',
    holidays: [],
  };
};
const ask = async (): Promise<string> => {
  const { dialect, dataSource } = tenantDatabase();
  await dialect.query(dataSource, sql`SELECT 1 AS one`);
  return currentTenant().tenantId;
};

describe('a tenant scope', () => {
  it('gives each of many concurrent pieces of work the database of its own tenant', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `t${index % 5}`);
    const answers = await Promise.all(ids.map((id) => scope.run(tenant(id), ask)));
    expect(answers).toEqual(ids);
  });

  it('is the only way to a database', async () => {
    expect(() => tenantDatabase()).toThrow(NoTenantScopeError);
    await scope.run(tenant('a'), ask);
    expect(() => tenantDatabase()).toThrow(NoTenantScopeError);
  });

  it('refuses work that goes on after it has ended', async () => {
    let late: Promise<unknown> = Promise.resolve();
    await scope.run(tenant('a'), () => {
      late = new Promise((resolve) => setTimeout(resolve, 20)).then(() => tenantDatabase());
      late.catch(() => undefined);
    });
    await expect(late).rejects.toThrow('The tenant scope has ended');
  });

  it('opens one connection pool for users that come at the same time', async () => {
    const seen = new Set<unknown>();
    const note = () => seen.add(tenantDatabase().dataSource);
    await Promise.all(Array.from({ length: 10 }, () => scope.run(tenant('a'), note)));
    expect(seen.size).toBe(1);
  });
});

describe('the open databases', () => {
  it('hold what they really have: idle ones stay until their connections are needed, the least recently used goes', async () => {
    const opened = new Map<string, unknown>();
    const visit = (id: string) => scope.run(tenant(id), () => opened.set(id, tenantDatabase().dataSource));
    const ids = ['a', 'b', 'c', 'd', 'e'];
    for (const id of ids) await visit(id);
    expect([dataSources.size, dataSources.connections]).toEqual([5, 5]);
    const first = new Map(opened);
    // Four idle ones and the four that `f` may open: one too many, and `b` was used last of all but `a`.
    await visit('a');
    await visit('f');
    for (const id of ['a', 'b']) await visit(id);
    expect(opened.get('a')).toBe(first.get('a'));
    expect(opened.get('b')).not.toBe(first.get('b'));
  });

  it('stay open while in use: who needs one more waits until one is released, in turn', async () => {
    let finish = (): void => undefined;
    const held = new Promise<void>((resolve) => (finish = resolve));
    const users = ['a', 'b'].map((id) => scope.run(tenant(id), async () => (await held, ask())));
    const order: string[] = [];
    const later = ['c', 'd', 'e'].map((id) => scope.run(tenant(id), async () => void order.push(await ask())));
    expect(dataSources.connections).toBe(8);
    finish();
    await expect(Promise.all(users)).resolves.toEqual(['a', 'b']);
    await Promise.all(later);
    expect(order[0]).not.toBe('e');
    expect(dataSources.connections).toBeLessThanOrEqual(8);
  });

  it('are refused to whoever waits longer than connecting may take', async () => {
    let finish = (): void => undefined;
    const held = new Promise<void>((resolve) => (finish = resolve));
    const hasty = new TenantDataSources({ connections: 8, bounds: { connectTimeoutMs: 400 * PATIENCE } });
    const scope = new TenantScope(hasty);
    const users = ['a', 'b'].map((id) => scope.run(tenant(id), () => held));
    await expect(scope.run(tenant('c'), ask)).rejects.toThrow(TenantDatabasesBusyError);
    // A database that is open is not waited for.
    await expect(scope.run(tenant('a'), ask)).resolves.toBe('a');
    finish();
    await Promise.all(users);
    await expect(scope.run(tenant('c'), ask)).resolves.toBe('c');
    await hasty.close();
  });

  it('hold no more connections than they may, however many tenants ask at once', async () => {
    const bounds = { connectTimeoutMs: 10_000 * PATIENCE };
    const own = new TenantDataSources({ connections: 8, applicationName: 'tenants-spec', bounds });
    const ownScope = new TenantScope(own);
    let most = 0;
    const counted = async (): Promise<void> => {
      const { dialect, dataSource } = tenantDatabase();
      const ask = () => countSessions(dialect, dataSource, 'tenants-spec');
      most = Math.max(most, own.connections, ...(await Promise.all([ask(), ask(), ask()])));
    };
    await Promise.all(Array.from({ length: 36 }, (_, index) => ownScope.run(tenant(`t${index % 12}`), counted)));
    expect(most).toBe(8);
    await own.close();
  });

  it('forget a failed attempt to connect, which costs no more than its bound', async () => {
    const started = performance.now();
    // Port 1 has no server.
    await expect(scope.run(tenant('away', 1), ask)).rejects.toThrow(/ECONNREFUSED|Could not connect|timeout/);
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(dataSources.size).toBe(0);
    await expect(scope.run(tenant('away'), ask)).resolves.toBe('away');
  });

  it('close after the last user, and then open no more', async () => {
    let finish = (): void => undefined;
    const user = scope.run(tenant('a'), async () => {
      await new Promise<void>((resolve) => (finish = resolve));
      return ask();
    });
    await scope.run(tenant('a'), ask);
    const closing = dataSources.close();
    await expect(scope.run(tenant('b'), ask)).rejects.toThrow(TenantDataSourcesClosedError);
    finish();
    await expect(user).resolves.toBe('a');
    await closing;
    expect(dataSources.size).toBe(0);
  });

  it('do not keep the process waiting for a user that hangs', async () => {
    let finish = (): void => undefined;
    const user = scope.run(tenant('a'), () => new Promise<void>((resolve) => (finish = resolve)));
    await scope.run(tenant('a'), ask);
    const started = performance.now();
    await dataSources.close(100);
    expect(performance.now() - started).toBeLessThan(2_000);
    finish();
    await user;
  });
});

describe('the connections of all processes', () => {
  const name = 'are added up at the start and held against what the server allows, server by server';
  itWith('a bound on connections that is near')(name, async () => {
    const check = async (bound: number, tenants: Tenant[]): Promise<readonly string[]> => {
      const own = new TenantDataSources({ applicationName: sessionName('powerfill-spec', bound) });
      try {
        return await checkConnections(new TenantCatalogue(tenants), new TenantScope(own));
      } finally {
        await own.close();
      }
    };
    await expect(check(1, [tenant('a'), tenant('b')])).resolves.toEqual([]);
    await expect(check(1_000_000, [tenant('a'), tenant('b')])).rejects.toThrow(
      /allows \d+ connections; the processes of this service, with this one, may open 1\d{6} /,
    );
    // Port 1 has no server: a process starts without its databases.
    const [silent] = await check(1, [tenant('away', 1)]);
    expect(silent).toContain(':1 does not tell how many connections it allows');
  });
});
