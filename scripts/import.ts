import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { RefusedError } from '@powerfill/core/domain/errors';
import {
  IMPORTABLE_TABLES,
  ImportError,
  ImportService,
  type ImportFault,
  type ImportMode,
  type ImportReport,
} from '@powerfill/core/imports';
import { checkSchema } from '@powerfill/database';
import { SCHEMA_VERSION } from '@powerfill/migrations';
import { environmentVariables, loadEnvFile, readEnvironment } from '@powerfill/platform';
import { TenantCatalogue, TenantDataSources, TenantScope, tenantDatabase } from '@powerfill/tenancy';
import { databaseFault, databaseHint } from './command/database-fault';
import { CommandFault, runCommand, UsageError } from './command/run-command';

const USAGE = `Loads the CSV files of a folder into a tenant's tables, one transaction a file.

  npm run import -- --tenant demo --dir samples [--partial]

Files are named <table>.csv. --partial stores the rows without fault and reports the others.
`;

interface ImportArguments {
  readonly tenant: string;
  readonly folder: string;
  readonly mode: ImportMode;
}

/** Runs the command; returns its exit status: 0 loaded, 2 bad data, wrong arguments or a database that does not serve. */
export function runImport(args: readonly string[]): Promise<number> {
  return runCommand(USAGE, async () => {
    const given = argumentsOf(args);
    if (given !== undefined) return await importFolder(given);
    process.stdout.write(USAGE);
    return 0;
  });
}

function argumentsOf(args: readonly string[]): ImportArguments | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      tenant: { type: 'string' },
      dir: { type: 'string' },
      partial: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) return undefined;
  if (values.tenant === undefined) throw new UsageError('--tenant is missing: name the tenant by its look-up key.');
  if (values.dir === undefined) throw new UsageError('--dir is missing: name the folder with the CSV files.');
  return { tenant: values.tenant, folder: values.dir, mode: values.partial === true ? 'partial' : 'all' };
}

async function importFolder({ tenant: key, folder, mode }: ImportArguments): Promise<number> {
  loadEnvFile();
  const environment = readEnvironment();
  const catalogue = TenantCatalogue.read(environment.TENANT_CATALOGUE, environmentVariables());
  const tenant = catalogue.byKey(key);
  if (tenant === undefined) throw new UsageError(`There is no tenant "${key}" in ${environment.TENANT_CATALOGUE}.`);
  const tables = await tablesOf(folder);
  const dataSources = new TenantDataSources({
    bounds: {
      connectTimeoutMs: environment.DATABASE_CONNECT_MS,
      statementTimeoutMs: environment.DATABASE_STATEMENT_MS,
      poolSize: 2,
    },
    applicationName: 'powerfill-import',
  });
  try {
    return await new TenantScope(dataSources).run(tenant, () => importTables(folder, tables, mode));
  } catch (error) {
    if (databaseHint(error, tenant) === undefined) throw error;
    throw new CommandFault(databaseFault(error, tenant));
  } finally {
    await dataSources.close();
  }
}

async function requireSchema(): Promise<void> {
  const { dataSource, dialect, tenant } = tenantDatabase();
  const { state, version, expected } = await checkSchema(dataSource, dialect, SCHEMA_VERSION);
  if (state === 'ok') return;
  throw new RefusedError(
    'schema_outdated',
    `The database of ${tenant.key} has schema version ${version ?? 'none'}, this build works on ${expected}: run npm run migrate.`,
  );
}

/** Names of the tables that have a file in the folder, in the order in which they must be loaded. */
async function tablesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new UsageError(`${folder} cannot be read: ${(error as Error).message}`);
  });
  const files = new Set(names.filter((name) => name.endsWith('.csv')));
  const tables = IMPORTABLE_TABLES.map(({ name }) => name).filter((name) => files.delete(`${name}.csv`));
  if (files.size > 0) throw new UsageError(`${folder} has files of no table: ${[...files].sort().join(', ')}.`);
  if (tables.length === 0) throw new UsageError(`${folder} has no file named <table>.csv.`);
  return tables;
}

async function importTables(folder: string, tables: readonly string[], mode: ImportMode): Promise<number> {
  await requireSchema();
  const service = new ImportService();
  let status = 0;
  process.stdout.write(line('table', 'rows', 'inserted', 'updated', 'rejected'));
  for (const table of tables) {
    const file = join(folder, `${table}.csv`);
    try {
      const report = await service.importTable(table, createReadStream(file), { mode });
      process.stdout.write(reportLine(report));
      if (report.error_count > 0) status = 2;
      writeFaults(file, report.errors, report.error_count);
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      writeFaults(file, error.faults, error.faults.length);
      process.stderr.write(`Nothing of ${file} is stored, and no file after it was read.\n`);
      return 2;
    }
  }
  return status;
}

function line(table: string, ...figures: readonly (string | number)[]): string {
  return `${table.padEnd(32)}${figures.map((figure) => String(figure).padStart(10)).join('')}\n`;
}

const reportLine = ({ table, rows, inserted, updated, rejected }: ImportReport): string =>
  line(table, rows, inserted, updated, rejected);

/** `loan.csv:17:note_rate: must be ... ("6,125")`, as compilers write it. */
function writeFaults(file: string, faults: readonly ImportFault[], count: number): void {
  for (const { line: number, column, reason, value } of faults) {
    const place = column === null ? `${file}:${number}` : `${file}:${number}:${column}`;
    process.stderr.write(`${place}: ${reason}${value === null || value === '' ? '' : ` ("${value}")`}\n`);
  }
  if (count > faults.length) process.stderr.write(`${file}: and ${count - faults.length} more\n`);
}

if (require.main === module) {
  runImport(process.argv.slice(2)).then(
    (status) => {
      process.exitCode = status;
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    },
  );
}
