import { parseArgs } from 'node:util';
import { checkSchema, createDatabaseIfMissing, createDataSource, createDialect } from '@powerfill/database';
import { migrateTenant, SCHEMA_VERSION } from '@powerfill/migrations';
import { environmentVariables, loadEnvFile, readEnvironment } from '@powerfill/platform';
import { type Tenant, TenantCatalogue } from '@powerfill/tenancy';
import { databaseFault } from './command/database-fault';
import { runCommand, UsageError } from './command/run-command';

const USAGE = `Brings tenants' databases to schema version ${SCHEMA_VERSION}.

  npm run migrate -- [--all | --tenant KEY] [--check] [--create-database] [--catalogue FILE]

  --all               every tenant of the catalogue; so it is when no tenant is named
  --tenant KEY        one tenant of the catalogue; may be repeated
  --check             change nothing; status 1 when a database is not at a version this build accepts
  --create-database   make the database first when the server has none of that name
  --catalogue FILE    instead of TENANT_CATALOGUE
`;

interface Order {
  readonly tenants: readonly Tenant[];
  readonly check: boolean;
  readonly createDatabase: boolean;
}

/** What to do; undefined when the usage is asked for. */
function readOrder(args: readonly string[]): Order | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      tenant: { type: 'string', multiple: true, default: [] },
      all: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      'create-database': { type: 'boolean', default: false },
      catalogue: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) return undefined;
  if (values.all && values.tenant.length > 0) throw new UsageError('Say either --all or --tenant KEY.');
  loadEnvFile();
  const path = values.catalogue ?? readEnvironment().TENANT_CATALOGUE;
  const catalogue = TenantCatalogue.read(path, environmentVariables());
  const named = values.tenant.map((key) => {
    const tenant = catalogue.byKey(key);
    if (tenant === undefined) throw new UsageError(`The catalogue ${path} has no tenant "${key}".`);
    return tenant;
  });
  return {
    tenants: named.length > 0 ? named : catalogue.all(),
    check: values.check,
    createDatabase: values['create-database'],
  };
}

/** @returns one line about the tenant, and whether its schema can be worked on */
async function check({ database }: Tenant): Promise<{ ok: boolean; line: string }> {
  const dataSource = await createDataSource({ settings: database, tables: [] }).initialize();
  try {
    const { state, version, expected } = await checkSchema(dataSource, createDialect(database), SCHEMA_VERSION);
    return { ok: state === 'ok', line: `${state}: version ${version ?? 'none'}, this build works on ${expected}` };
  } finally {
    await dataSource.destroy();
  }
}

async function migrate(tenant: Tenant, createDatabase: boolean): Promise<{ ok: boolean; line: string }> {
  const created = createDatabase && (await createDatabaseIfMissing(tenant.database));
  const { from, to, applied } = await migrateTenant(tenant);
  const what = applied.length === 0 ? 'nothing to do' : applied.join(', ');
  return {
    ok: true,
    line: `${created ? 'database created, ' : ''}version ${from ?? 'none'} -> ${to ?? 'none'} (${what})`,
  };
}

/** Runs the command; exit status 0 done, 1 a tenant failed, 2 wrong arguments. */
export function runMigrate(args: readonly string[]): Promise<number> {
  return runCommand(USAGE, async () => {
    const order = readOrder(args);
    if (order !== undefined) return await migrateAll(order);
    process.stdout.write(USAGE);
    return 0;
  });
}

async function migrateAll(order: Order): Promise<number> {
  let status = 0;
  for (const tenant of order.tenants) {
    try {
      const { ok, line } = order.check ? await check(tenant) : await migrate(tenant, order.createDatabase);
      if (!ok) status = 1;
      process.stdout.write(`${tenant.key}: ${line}\n`);
    } catch (error) {
      // The other tenants are not this one's hostages.
      status = 1;
      process.stderr.write(`${databaseFault(error, tenant)}\n`);
    }
  }
  return status;
}

if (require.main === module) {
  runMigrate(process.argv.slice(2)).then(
    (status) => {
      process.exitCode = status;
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    },
  );
}
