import { errorChain, textField } from './error-fields';

/** Classes and codes of PostgreSQL (Appendix A of its manual) and of the socket below it. */
const UNIQUE_VIOLATION = '23505';
const RETRY = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available, also the lock timeout
]);
const CONNECTION = new Set([
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '53300', // too_many_connections
  '25P03', // idle_in_transaction_session_timeout
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** Errors that pg raises itself, without a code; the last is TypeORM's, of a runner whose connection broke between two statements. */
const CLIENT_MESSAGES = [
  'Connection terminated',
  'Client has encountered a connection error',
  'Query read timeout',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Client was closed and is not queryable',
  'Query runner already released',
];

export function postgresUniqueViolation(error: unknown): { readonly index: string } | null {
  const violation = errorChain(error).find((entry) => textField(entry, 'code') === UNIQUE_VIOLATION);
  return violation === undefined ? null : { index: textField(violation, 'constraint') ?? '' };
}

export const isPostgresConnectionLoss = (error: unknown): boolean =>
  errorChain(error).some((entry) => {
    const code = textField(entry, 'code');
    if (code !== undefined) return CONNECTION.has(code) || (code.length === 5 && code.startsWith('08'));
    const message = textField(entry, 'message') ?? '';
    return CLIENT_MESSAGES.some((start) => message.startsWith(start));
  });

export const isPostgresTransient = (error: unknown): boolean =>
  errorChain(error).some((entry) => RETRY.has(textField(entry, 'code') ?? '')) || isPostgresConnectionLoss(error);
