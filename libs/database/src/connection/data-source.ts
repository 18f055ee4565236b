import { DataSource, type DataSourceOptions } from 'typeorm';
import { entitySchemaOf } from '../schema/entity-schema';
import type { TableDefinition } from '../schema/table';
import { ListeningClient } from './postgres-client';
import { postgresTypes } from './postgres-types';
import type { DatabaseSettings } from './settings';

/** Bounds of a connection; every wait has one. */
export interface ConnectionBounds {
  /** Connections of the pool. */
  readonly poolSize: number;
  /** To connect, or to get a connection from the pool. */
  readonly connectTimeoutMs: number;
  /** Of one statement. */
  readonly statementTimeoutMs: number;
  /** Of waiting for a row or table lock. */
  readonly lockTimeoutMs: number;
  /** Of a transaction between two statements; PostgreSQL ends it, SQL Server has no such setting. */
  readonly idleTransactionTimeoutMs: number;
}

export const DEFAULT_BOUNDS: ConnectionBounds = {
  poolSize: 4,
  connectTimeoutMs: 2_000,
  statementTimeoutMs: 30_000,
  lockTimeoutMs: 2_000,
  idleTransactionTimeoutMs: 30_000,
};

/** What a DataSource is made from. */
export interface DataSourceRequest {
  readonly settings: DatabaseSettings;
  readonly tables: readonly TableDefinition[];
  readonly bounds?: Partial<ConnectionBounds>;
  readonly applicationName?: string;
  /** Migration classes; only the migration runner gives them. */
  readonly migrations?: readonly (new () => object)[];
}

export const MIGRATIONS_TABLE = 'pfill_migrations';

function sharedOptions({ settings, tables, migrations }: DataSourceRequest) {
  const { driver, schema, upstreamSchema } = settings;
  return {
    synchronize: false,
    migrationsRun: false,
    migrationsTableName: MIGRATIONS_TABLE,
    migrations: [...(migrations ?? [])],
    logging: false,
    schema,
    entities: tables.map((table) =>
      entitySchemaOf(table, driver, table.group === 'upstream' ? (upstreamSchema ?? schema) : schema),
    ),
  };
}

function postgresOptions(request: DataSourceRequest, bounds: ConnectionBounds): DataSourceOptions {
  const { connection, schema } = request.settings;
  return {
    ...sharedOptions(request),
    type: 'postgres',
    host: connection.host,
    port: connection.port,
    username: connection.user,
    password: connection.password,
    database: connection.database,
    schema,
    installExtensions: false,
    ssl: connection.encrypt === true ? { rejectUnauthorized: connection.trustServerCertificate !== true } : false,
    applicationName: request.applicationName ?? 'powerfill',
    poolSize: bounds.poolSize,
    connectTimeoutMS: bounds.connectTimeoutMs,
    extra: {
      Client: ListeningClient,
      types: postgresTypes,
      keepAlive: true,
      statement_timeout: bounds.statementTimeoutMs,
      // The client's own bound, for a server or network that no longer answers.
      query_timeout: bounds.statementTimeoutMs + 5_000,
      lock_timeout: bounds.lockTimeoutMs,
      idle_in_transaction_session_timeout: bounds.idleTransactionTimeoutMs,
      idleTimeoutMillis: 30_000,
    },
  };
}

function sqlServerOptions(request: DataSourceRequest, bounds: ConnectionBounds): DataSourceOptions {
  const { connection, schema } = request.settings;
  // `lowerCaseGuids` reaches the driver but is missing from TypeORM's type of these options.
  const driverOptions = {
    encrypt: connection.encrypt ?? true,
    trustServerCertificate: connection.trustServerCertificate ?? false,
    useUTC: true,
    lowerCaseGuids: true,
    // Keeps varchar parameters varchar, so that indexes on varchar columns are used.
    disableAsciiToUnicodeParamConversion: true,
    appName: request.applicationName ?? 'powerfill',
  };
  return {
    ...sharedOptions(request),
    type: 'mssql',
    host: connection.host,
    port: connection.port,
    username: connection.user,
    password: connection.password,
    database: connection.database,
    schema,
    // A pooled connection keeps the level of its last transaction, so each one states its own.
    isolationLevel: 'READ COMMITTED',
    connectionTimeout: bounds.connectTimeoutMs,
    requestTimeout: bounds.statementTimeoutMs,
    pool: {
      min: 0,
      max: bounds.poolSize,
      acquireTimeoutMillis: bounds.connectTimeoutMs,
      idleTimeoutMillis: 30_000,
    },
    options: driverOptions,
  };
}

/** A DataSource, not yet connected, that converts values as this library says and bounds every wait. */
export function createDataSource(request: DataSourceRequest): DataSource {
  const bounds = { ...DEFAULT_BOUNDS, ...request.bounds };
  return new DataSource(
    request.settings.driver === 'postgres' ? postgresOptions(request, bounds) : sqlServerOptions(request, bounds),
  );
}
