import { errorChain, numberField, textField } from './error-fields';

/** 2601 = unique index (also filtered), 2627 = primary key or unique constraint. */
const UNIQUE_VIOLATIONS = new Set([2601, 2627]);
const RETRY = new Set([
  1205, // deadlock victim
  1222, // lock request time out
  3960, // update conflict under snapshot isolation
  3961, // metadata changed under snapshot isolation
]);
const CONNECTION_NUMBERS = new Set([
  233, 10053, 10054, 10060, 10928, 10929, 40143, 40197, 40501, 40613, 49918, 49919, 49920,
]);
const CONNECTION_CODES = new Set([
  'ESOCKET',
  'ECONNCLOSED',
  'ENOTOPEN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * What the driver says of a connection that ended in the middle of an answer, and its pool where none could be had in
 * time; they have no number and no telling code.
 */
const NO_CONNECTION =
  /unexpected end of message stream|LoggedIn state, not the Final state|Failed to acquire a connection from the pool/;
/** Babelfish has no numbers of its own for these; SQL Server never says them. */
const BABELFISH_RETRY =
  /^(canceling statement due to lock timeout|could not serialize access|tuple concurrently updated)|is currently in use in another session$/;

/**
 * The index name stands in the message: 2601 `... with unique index 'ux_name'. The duplicate key ...`,
 * 2627 `Violation of PRIMARY KEY constraint 'pk_name'. Cannot insert ...`.
 */
const INDEX_NAME = /(?:unique index|constraint) ['"]([^'"]+)['"]/i;

export function sqlServerUniqueViolation(error: unknown): { readonly index: string } | null {
  const violation = errorChain(error).find((entry) => UNIQUE_VIOLATIONS.has(numberField(entry, 'number') ?? 0));
  if (violation === undefined) return null;
  return { index: INDEX_NAME.exec(textField(violation, 'message') ?? '')?.[1] ?? '' };
}

export const isSqlServerConnectionLoss = (error: unknown): boolean =>
  errorChain(error).some((entry) => {
    if (CONNECTION_NUMBERS.has(numberField(entry, 'number') ?? 0)) return true;
    const code = textField(entry, 'code') ?? '';
    if (CONNECTION_CODES.has(code) || NO_CONNECTION.test(textField(entry, 'message') ?? '')) return true;
    // ETIMEOUT is a lost connection while connecting, but a slow statement on a request: only the first may be retried.
    return code === 'ETIMEOUT' && textField(entry, 'name') === 'ConnectionError';
  });

export const isSqlServerTransient = (error: unknown): boolean =>
  errorChain(error).some(
    (entry) => RETRY.has(numberField(entry, 'number') ?? 0) || BABELFISH_RETRY.test(textField(entry, 'message') ?? ''),
  ) || isSqlServerConnectionLoss(error);
