import { TenantCatalogueError } from './errors';
import { TenantCatalogue } from './tenant-catalogue';

const entry = {
  tenant_id: 'acme-1',
  driver: 'postgres',
  connection: 'postgres://desk:pw@localhost:6000/acme',
  schema: 'powerfill',
  upstream: 'managed',
  time_zone: 'America/New_York',
  holidays: ['2026-12-25', '2026-11-26'],
};
const parse = (tenants: Record<string, unknown>, variables: Record<string, string> = {}) =>
  TenantCatalogue.parse(JSON.stringify(tenants), variables);
const faults = (tenants: Record<string, unknown>): readonly string[] => {
  try {
    parse(tenants);
  } catch (error) {
    if (error instanceof TenantCatalogueError) return error.faults;
    throw error;
  }
  return [];
};

describe('the tenant catalogue', () => {
  it('finds a tenant by its look-up key and by its persisted id, which are different things', () => {
    const catalogue = parse({ acme: entry });
    const tenant = catalogue.byKey('acme');
    expect(tenant).toEqual({
      key: 'acme',
      tenantId: 'acme-1',
      database: {
        driver: 'postgres',
        connection: { host: 'localhost', port: 6000, user: 'desk', password: 'pw', database: 'acme' },
        schema: 'powerfill',
      },
      upstream: 'managed',
      timeZone: 'America/New_York',
      holidays: ['2026-11-26', '2026-12-25'],
    });
    expect(catalogue.byTenantId('acme-1')).toBe(tenant);
    expect([catalogue.byKey('acme-1'), catalogue.byTenantId('acme'), catalogue.byKey('__proto__')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(catalogue.all()).toEqual([tenant]);
  });

  it('takes passwords from variables, in a URL, in parts, or as a whole URL', () => {
    const secret = 'p@ss/w:rd';
    const parts = { host: 'h', user: 'u', password: '${ACME_PASSWORD}', database: 'd' };
    const connections = ['postgres://u:${ACME_PASSWORD}@h/d', parts, '${ACME_URL}'];
    const variables = { ACME_PASSWORD: secret, ACME_URL: `postgres://u:${encodeURIComponent(secret)}@h/d` };
    const read = connections.map(
      (connection) => parse({ a: { ...entry, connection } }, variables).byKey('a')?.database,
    );
    expect(read.map((database) => database?.connection)).toEqual(
      connections.map(() => ({ host: 'h', port: 5432, user: 'u', password: secret, database: 'd' })),
    );
  });

  it('names every fault at once and no secret', () => {
    const found = faults({
      a: { ...entry, tenant_id: '', time_zone: 'Mars/Olympus', holidays: ['2026-02-30'], color: 'red' },
      b: { ...entry, tenant_id: 'b', upstream: 'borrowed', connection: 'postgres://u:secret@/', schema: 'x; drop' },
      c: { ...entry, tenant_id: 'c', driver: 'mssql' },
      d: { ...entry, tenant_id: 'd', connection: 'postgres://u:${NOT_SET}@h/d' },
      e: 7,
    });
    expect(found).toEqual([
      'a: color is unknown',
      'a: tenant_id must be 1 to 60 printable characters without blanks',
      'a: time_zone "Mars/Olympus" is no IANA time zone',
      'a: holidays: 2026-02-30 does not exist',
      expect.stringMatching(/^b: (?!.*secret)/),
      'b: schema must be a name of letters, digits and _',
      'b: upstream must be managed or external',
      'c: connection is a postgres URL but driver is mssql',
      'd: connection refers to ${NOT_SET}, which is not set',
      'e: must be an object',
    ]);
  });

  it('refuses two tenants with one id, or with one schema of one database', () => {
    expect(faults({ a: entry, b: entry })).toEqual([
      'b: has the same tenant_id as a',
      'b: has the same database and schema as a',
    ]);
    expect(faults({ a: entry, b: { ...entry, tenant_id: 'b', schema: 'other' } })).toEqual([]);
  });

  it('refuses what is no JSON object without quoting it', () => {
    expect(() => TenantCatalogue.parse('{"a": secret')).toThrow(/\(text\) is not usable:\n {2}is not JSON$/);
    expect(() => TenantCatalogue.parse('[]')).toThrow('must be an object from key to tenant');
    expect(() => TenantCatalogue.read('/nowhere/tenants.json')).toThrow('cannot be read: ENOENT');
  });
});
