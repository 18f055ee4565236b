import { parseArgs } from 'node:util';
import { say } from './output.mjs';

/**
 * Reads the command line of a script. With `--help` it prints the usage, and with a wrong argument what is wrong beside it
 * (exit status 2).
 *
 * @param usage what the command does and how it is called
 * @param options of `parseArgs`, of which some may say `number: true`; `--help` need not be among them
 * @param settings other settings of `parseArgs`; with `allowPositionals` words that are no options are `positionals`
 * @returns the values, or undefined when there is nothing to do
 */
export function readArguments(usage, options = {}, settings = {}) {
  try {
    const { values, positionals } = parseArgs({ ...settings, options: { ...options, help: { type: 'boolean' } } });
    const { help, ...given } = values;
    if (help !== true) return { ...withNumbers(given, options), ...(settings.allowPositionals ? { positionals } : {}) };
    process.stdout.write(usage);
  } catch (error) {
    if (!(error instanceof WrongArgument) && !String(error.code).startsWith('ERR_PARSE_ARGS')) throw error;
    refuseArguments(error.message, usage);
  }
  return undefined;
}

/** Tells what is wrong with the command line, with the usage; the script ends with status 2. */
export function refuseArguments(message, usage) {
  say(`${message}\n\n${usage}`);
  process.exitCode = 2;
}

class WrongArgument extends Error {}

function withNumbers(given, options) {
  const entries = Object.entries(given).map(([name, value]) => {
    if (!options[name]?.number) return [name, value];
    if (!/^\d{1,9}(\.\d+)?$/.test(value)) throw new WrongArgument(`--${name} must be a number; it is "${value}".`);
    return [name, Number(value)];
  });
  return Object.fromEntries(entries);
}
