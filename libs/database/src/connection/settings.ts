import { DRIVER_NAMES, type DriverName } from '../driver';
import { ConnectionSettingError } from '../errors';

/** How to reach a server. */
export interface ConnectionSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** TLS: on by default on SQL Server (its driver's rule), off on PostgreSQL. */
  readonly encrypt?: boolean;
  /** Accept a certificate that no authority signed. */
  readonly trustServerCertificate?: boolean;
}

/** A tenant's database and the schemas in it. */
export interface DatabaseSettings {
  readonly driver: DriverName;
  readonly connection: ConnectionSettings;
  /** Schema of the tables we own. */
  readonly schema: string;
  /** Schema of the upstream tables; the same unless the lender's system has its own. */
  readonly upstreamSchema?: string;
}

const DEFAULT_PORTS: Readonly<Record<DriverName, number>> = { postgres: 5432, mssql: 1433 };

const driverOf = (protocol: string): DriverName | undefined =>
  protocol === 'postgresql:' ? 'postgres' : DRIVER_NAMES.find((name) => `${name}:` === protocol);

function booleanOption(url: URL, name: string): boolean | undefined {
  const value = url.searchParams.get(name);
  if (value === null) return undefined;
  if (value !== 'true' && value !== 'false') throw new ConnectionSettingError(`${name} must be true or false`);
  return value === 'true';
}

/**
 * Reads `postgres://user:password@host:port/database` or `mssql://...`, with the options `encrypt` and
 * `trustServerCertificate` as query parameters. Errors never repeat the URL, it may hold a password.
 */
export function parseConnectionUrl(text: string): { driver: DriverName; connection: ConnectionSettings } {
  if (!URL.canParse(text)) throw new ConnectionSettingError('the connection is not a URL');
  const url = new URL(text);
  const driver = driverOf(url.protocol);
  if (driver === undefined) {
    throw new ConnectionSettingError(`unknown database "${url.protocol}//", expected postgres:// or mssql://`);
  }
  const database = decodeURIComponent(url.pathname.slice(1));
  if (url.hostname === '' || database === '') throw new ConnectionSettingError('the URL needs a host and a database');
  const encrypt = booleanOption(url, 'encrypt');
  const trust = booleanOption(url, 'trustServerCertificate');
  return {
    driver,
    connection: {
      host: url.hostname,
      port: url.port === '' ? DEFAULT_PORTS[driver] : Number(url.port),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database,
      ...(encrypt === undefined ? {} : { encrypt }),
      ...(trust === undefined ? {} : { trustServerCertificate: trust }),
    },
  };
}
