/** A failure whose message is all the reader needs: it is printed as one line, without a stack. */
export class ScriptError extends Error {}

/** Progress goes to stderr, so that a script's stdout holds its results only. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** Seconds with one decimal since `from`, a `performance.now()` value. */
export function secondsSince(from) {
  return `${((performance.now() - from) / 1000).toFixed(1)} s`;
}

/** Runs a script's body; an error ends it with status 1, expected ones in one line. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    say(error instanceof ScriptError ? error.message : (error?.stack ?? String(error)));
    process.exitCode = 1;
  }
}
