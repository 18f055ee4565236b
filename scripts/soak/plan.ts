import { parseArgs } from 'node:util';
import { wholeNumber } from '../command/run-command';

/** How much a soak does. */
export interface SoakSize {
  readonly tenants: number;
  readonly workers: number;
  readonly submissions: number;
  readonly cancels: number;
  readonly loans: number;
  readonly trades: number;
  readonly seed: number;
}

const BOUNDS: Readonly<Record<keyof SoakSize, { fallback: number; low: number; high: number }>> = {
  tenants: { fallback: 10, low: 1, high: 500 },
  workers: { fallback: 3, low: 1, high: 20 },
  submissions: { fallback: 200, low: 0, high: 100_000 },
  cancels: { fallback: 100, low: 0, high: 100_000 },
  loans: { fallback: 200, low: 1, high: 100_000 },
  trades: { fallback: 12, low: 1, high: 1_000 },
  seed: { fallback: 1, low: 0, high: 4_294_967_295 },
};

export const SOAK_USAGE = `Many tenants, several worker processes, submissions and cancels at random; ends with its figures, and status 1 on a fault.

  npm run soak -- [--option N ...]

${Object.entries(BOUNDS)
  .map(([name, { fallback, low, high }]) => `  --${name.padEnd(14)}${fallback} unless said; from ${low} to ${high}\n`)
  .join('')}`;

/** Reads the command line; undefined when the usage is asked for. @throws UsageError naming what is wrong */
export function soakSize(args: readonly string[]): SoakSize | undefined {
  const { help, ...values } = parseArgs({
    args: [...args],
    options: {
      tenants: { type: 'string' },
      workers: { type: 'string' },
      submissions: { type: 'string' },
      cancels: { type: 'string' },
      loans: { type: 'string' },
      trades: { type: 'string' },
      seed: { type: 'string' },
      help: { type: 'boolean' },
    },
  }).values;
  if (help === true) return undefined;
  const size = (name: keyof SoakSize): number => wholeNumber(name, values[name], BOUNDS[name]);
  return {
    tenants: size('tenants'),
    workers: size('workers'),
    submissions: size('submissions'),
    cancels: size('cancels'),
    loans: size('loans'),
    trades: size('trades'),
    seed: size('seed'),
  };
}
