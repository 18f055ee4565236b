import { parseArgs } from 'node:util';
import { say } from './output.mjs';

/**
 * Reads the command line of a script. With `--help` it prints the usage, and with a wrong argument what is wrong beside it
 * (exit status 2).
 *
 * @param usage what the command does and how it is called
 * @param options of `parseArgs`; `--help` need not be among them
 * @returns the values, or undefined when there is nothing to do
 */
export function readArguments(usage, options = {}) {
  try {
    const { help, ...values } = parseArgs({ options: { ...options, help: { type: 'boolean' } } }).values;
    if (help !== true) return values;
    process.stdout.write(usage);
  } catch (error) {
    if (!String(error.code).startsWith('ERR_PARSE_ARGS')) throw error;
    say(`${error.message}\n\n${usage}`);
    process.exitCode = 2;
  }
  return undefined;
}
