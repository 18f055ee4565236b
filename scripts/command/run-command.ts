import { RefusedError } from '@powerfill/core/domain/errors';
import { EnvironmentError } from '@powerfill/platform';
import { TenantCatalogueError } from '@powerfill/tenancy';

/** A command line that cannot be understood. */
export class UsageError extends Error {}

/** Something that is not as it must be and that the user can mend; the message says how. */
export class CommandFault extends Error {}

/** `parseArgs` throws these for unknown options and missing values. */
const isParseError = (error: unknown): error is Error => error instanceof TypeError && 'code' in error;

const isToldPlainly = (error: unknown): error is Error =>
  [CommandFault, RefusedError, EnvironmentError, TenantCatalogueError].some((kind) => error instanceof kind);

/**
 * Runs the body of a command. Faults of the command line are told with the usage, others that the user can mend by their
 * message alone; only faults of ours keep their stack.
 *
 * @returns the exit status: the body's, or 2
 */
export async function runCommand(usage: string, body: () => Promise<number>): Promise<number> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof UsageError || isParseError(error)) process.stderr.write(`${error.message}\n\n${usage}`);
    else if (isToldPlainly(error)) process.stderr.write(`${error.message}\n`);
    else throw error;
    return 2;
  }
}

/**
 * Reads the whole number of an option.
 *
 * @throws UsageError naming the option and its bounds
 */
export function wholeNumber(
  name: string,
  text: string | undefined,
  { fallback, low, high }: { fallback: number; low: number; high: number },
): number {
  if (text === undefined) return fallback;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= low && value <= high)) {
    throw new UsageError(`--${name} must be a whole number from ${low} to ${high}; it is "${text}".`);
  }
  return value;
}
