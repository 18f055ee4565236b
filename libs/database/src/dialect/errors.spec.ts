import { QueryFailedError } from 'typeorm';
import { createDialect } from './create-dialect';

const failed = (driverError: object): QueryFailedError =>
  new QueryFailedError('SELECT', [], Object.assign(new Error('failed'), driverError));

const sqlServer = createDialect({ driver: 'mssql', schema: 'dbo' });
const postgres = createDialect({ driver: 'postgres', schema: 'public' });

describe('errors of SQL Server', () => {
  it('name the index of a duplicate key, be it an index (2601) or a constraint (2627)', () => {
    const index = failed({
      number: 2601,
      message:
        "Cannot insert duplicate key row in object 'dbo.pfill_run_history' with unique index 'ux_pfill_run_history_tenant_active'. The duplicate key value is (t).",
    });
    const constraint = failed({
      number: 2627,
      message:
        "Violation of PRIMARY KEY constraint 'pk_pfill_idempotency'. Cannot insert duplicate key in object 'dbo.pfill_idempotency'.",
    });
    expect([index, constraint].map((error) => sqlServer.uniqueViolation(error)?.index)).toEqual([
      'ux_pfill_run_history_tenant_active',
      'pk_pfill_idempotency',
    ]);
    expect(sqlServer.uniqueViolation(failed({ number: 515 }))).toBeNull();
  });

  it('are tried again after a deadlock, a lock timeout, a snapshot conflict or a lost connection', () => {
    const again = [{ number: 1205 }, { number: 1222 }, { number: 3960 }, { number: 40613 }, { code: 'ESOCKET' }];
    expect(again.map((error) => sqlServer.isTransient(failed(error)))).toEqual(again.map(() => true));
    expect(sqlServer.isTransient({ name: 'ConnectionError', code: 'ETIMEOUT' })).toBe(true);
  });

  it('are tried again when the driver only says that the answer broke off, and on Babelfish, which has no numbers', () => {
    const broken = failed({ name: 'RequestError', code: 'EREQUEST', message: 'unexpected end of message stream' });
    expect([sqlServer.isConnectionLoss(broken), sqlServer.isTransient(broken)]).toEqual([true, true]);
    const none = failed({ message: 'Failed to acquire a connection from the pool: operation timed out' });
    expect([sqlServer.isConnectionLoss(none), sqlServer.isTransient(none)]).toEqual([true, true]);
    const waited = failed({ number: 33_557_097, message: 'canceling statement due to lock timeout' });
    expect([sqlServer.isConnectionLoss(waited), sqlServer.isTransient(waited)]).toEqual([false, true]);
    const made = failed({ number: 33_557_097, message: 'tuple concurrently updated' });
    expect(sqlServer.isTransient(made)).toBe(true);
    const named = failed({ number: 2627, message: 'duplicate key value violates unique constraint "pk_x"' });
    expect(sqlServer.uniqueViolation(named)).toEqual({ index: 'pk_x' });
  });

  it('are final after a duplicate key or a statement that took too long', () => {
    expect(sqlServer.isTransient(failed({ number: 2627 }))).toBe(false);
    expect(sqlServer.isTransient(failed({ name: 'RequestError', code: 'ETIMEOUT' }))).toBe(false);
  });
});

describe('errors of PostgreSQL', () => {
  it('name the index of a duplicate key', () => {
    expect(postgres.uniqueViolation(failed({ code: '23505', constraint: 'ux_x' }))).toEqual({ index: 'ux_x' });
    expect(postgres.uniqueViolation(failed({ code: '23502' }))).toBeNull();
  });

  it('are tried again after a deadlock, a conflict, a lock timeout or a lost connection', () => {
    const again = ['40P01', '40001', '55P03', '57P01', '08006', 'ECONNRESET'].map((code) => failed({ code }));
    expect(again.map((error) => postgres.isTransient(error))).toEqual(again.map(() => true));
    expect(postgres.isTransient(new Error('Connection terminated unexpectedly'))).toBe(true);
  });

  it('tell a lost connection, after which a COMMIT is in doubt, from a refusal by the server', () => {
    expect(postgres.isConnectionLoss(failed({ code: '40001' }))).toBe(false);
    expect(postgres.isConnectionLoss(failed({ code: 'ECONNRESET' }))).toBe(true);
    expect(
      postgres.isTransient(failed({ code: '57014', message: 'canceling statement due to statement timeout' })),
    ).toBe(false);
  });

  it('are found where several attempts to connect failed together', () => {
    expect(postgres.isTransient(new AggregateError([failed({ code: 'ECONNREFUSED' })]))).toBe(true);
  });
});
