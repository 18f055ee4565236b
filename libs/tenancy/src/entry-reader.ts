import { DRIVER_NAMES, parseConnectionUrl, type ConnectionSettings, type DriverName } from '@powerfill/database';
import type { Tenant } from './tenant';

/** Variables that `${NAME}` in a connection refers to. */
export type Variables = Readonly<Record<string, string | undefined>>;

type Fields = Readonly<Record<string, unknown>>;

/** A fault of one entry of the catalogue. */
class EntryFault extends Error {}

const KNOWN = new Set([
  'tenant_id',
  'driver',
  'connection',
  'schema',
  'upstream_schema',
  'upstream',
  'time_zone',
  'holidays',
]);
const CONNECTION_FIELDS = new Set([
  'host',
  'port',
  'user',
  'password',
  'database',
  'encrypt',
  'trust_server_certificate',
]);
const DEFAULT_PORTS: Readonly<Record<DriverName, number>> = { postgres: 5432, mssql: 1433 };

export const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function text(value: unknown, name: string, pattern: RegExp, expected: string): string {
  if (typeof value !== 'string' || !pattern.test(value)) throw new EntryFault(`${name} must be ${expected}`);
  return value;
}

const identifier = (value: unknown, name: string): string =>
  text(value, name, /^[A-Za-z_][A-Za-z0-9_]{0,62}$/, 'a name of letters, digits and _');

function withVariables(value: string, name: string, variables: Variables): string {
  return value.replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, variable: string) => {
    const found = variables[variable];
    if (found === undefined) throw new EntryFault(`${name} refers to \${${variable}}, which is not set`);
    return found;
  });
}

function flag(value: unknown, name: string): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  throw new EntryFault(`${name} must be true or false`);
}

interface Target {
  readonly driver: DriverName;
  readonly connection: ConnectionSettings;
}

function targetOfUrl(url: string, variables: Variables): Target {
  // A password may hold characters that mean something in a URL, so what replaces a reference is encoded.
  const encoded = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, value === undefined ? value : encodeURIComponent(value)]),
  );
  const whole = /^\$\{\w+\}$/.test(url);
  return parseConnectionUrl(withVariables(url, 'connection', whole ? variables : encoded));
}

function connectionFromParts(parts: Fields, driver: DriverName, variables: Variables): ConnectionSettings {
  for (const name of Object.keys(parts)) {
    if (!CONNECTION_FIELDS.has(name)) throw new EntryFault(`connection.${name} is unknown`);
  }
  const part = (name: string): string =>
    withVariables(
      text(parts[name], `connection.${name}`, /./s, 'a text that is not empty'),
      `connection.${name}`,
      variables,
    );
  const port = parts['port'] ?? DEFAULT_PORTS[driver];
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new EntryFault('connection.port must be a whole number from 1 to 65535');
  }
  const encrypt = flag(parts['encrypt'], 'connection.encrypt');
  const trust = flag(parts['trust_server_certificate'], 'connection.trust_server_certificate');
  return {
    host: part('host'),
    port,
    user: part('user'),
    password: part('password'),
    database: part('database'),
    ...(encrypt === undefined ? {} : { encrypt }),
    ...(trust === undefined ? {} : { trustServerCertificate: trust }),
  };
}

/** The driver may be left out where the connection is a URL, which says it. */
function databaseOf(entry: Fields, variables: Variables): Target {
  const { connection } = entry;
  const driver = DRIVER_NAMES.find((name) => name === entry['driver']);
  if (driver === undefined && !(entry['driver'] === undefined && typeof connection === 'string')) {
    throw new EntryFault(`driver must be one of ${DRIVER_NAMES.join(', ')}`);
  }
  if (typeof connection === 'string') {
    const target = targetOfUrl(connection, variables);
    if (driver !== undefined && driver !== target.driver) {
      throw new EntryFault(`connection is a ${target.driver} URL but driver is ${driver}`);
    }
    return target;
  }
  if (driver === undefined || !isRecord(connection)) throw new EntryFault('connection must be a URL or an object');
  return { driver, connection: connectionFromParts(connection, driver, variables) };
}

function timeZone(value: unknown): string {
  const name = text(value, 'time_zone', /^[A-Za-z]/, 'an IANA time zone such as America/New_York');
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
  } catch (error) {
    if (error instanceof RangeError) throw new EntryFault(`time_zone "${name}" is no IANA time zone`);
    throw error;
  }
  return name;
}

function holidays(value: unknown): string[] {
  if (!Array.isArray(value)) throw new EntryFault('holidays must be a list of dates YYYY-MM-DD');
  const dates = value.map((date: unknown) => {
    const day = text(date, 'holidays', /^\d{4}-\d{2}-\d{2}$/, 'a list of dates YYYY-MM-DD');
    const instant = new Date(`${day}T00:00:00Z`);
    if (Number.isNaN(instant.getTime()) || instant.toISOString().slice(0, 10) !== day) {
      throw new EntryFault(`holidays: ${day} does not exist`);
    }
    return day;
  });
  return [...new Set(dates)].sort();
}

function readFields(key: string, entry: Fields, variables: Variables, fault: (problem: string) => void): Tenant | null {
  let faults = 0;
  const attempt = <R>(read: () => R): R | null => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      faults += 1;
      fault(error.message);
      return null;
    }
  };
  for (const name of Object.keys(entry)) {
    if (!KNOWN.has(name))
      attempt(() => {
        throw new EntryFault(`${name} is unknown`);
      });
  }
  const tenantId = attempt(() =>
    text(entry['tenant_id'], 'tenant_id', /^[\x21-\x7e]{1,60}$/, '1 to 60 printable characters without blanks'),
  );
  const target = attempt(() => databaseOf(entry, variables));
  const schema = attempt(() => identifier(entry['schema'], 'schema'));
  const upstreamSchema = attempt(() =>
    entry['upstream_schema'] === undefined ? undefined : identifier(entry['upstream_schema'], 'upstream_schema'),
  );
  const upstream = attempt(() => {
    const value = entry['upstream'];
    if (value !== 'managed' && value !== 'external') throw new EntryFault('upstream must be managed or external');
    return value;
  });
  const zone = attempt(() => timeZone(entry['time_zone']));
  const days = attempt(() => holidays(entry['holidays'] ?? []));
  if (faults > 0 || !tenantId || !target || !schema || !upstream || !zone || !days) return null;
  return {
    key,
    tenantId,
    database: { ...target, schema, ...(upstreamSchema ? { upstreamSchema } : {}) },
    upstream,
    timeZone: zone,
    holidays: days,
  };
}

/** Reads one entry of the catalogue; every fault is reported, and the tenant is null when there is one. */
export function readEntry(
  key: string,
  entry: unknown,
  variables: Variables,
  fault: (problem: string) => void,
): Tenant | null {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$/.test(key)) {
    fault('the key must be 1 to 60 letters, digits, _, - or .');
    return null;
  }
  if (!isRecord(entry)) {
    fault('must be an object');
    return null;
  }
  return readFields(key, entry, variables, fault);
}
