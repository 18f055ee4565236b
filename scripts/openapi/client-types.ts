import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The types of the client in `client/`, generated; a test holds them against the document. */
export const CLIENT_TYPES_FILE = 'client/schema.ts';

/**
 * Runs openapi-typescript on the document. It is an ES module with a command, which is what it promises to keep.
 * @param mode `check` changes nothing and fails when the file is not what would be written
 * @returns exit status and what it said
 */
export function clientTypes(document: string, mode: 'write' | 'check'): { status: number | null; output: string } {
  const generator = join(dirname(createRequire(__filename).resolve('openapi-typescript/package.json')), 'bin/cli.js');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      generator,
      document,
      '--output',
      CLIENT_TYPES_FILE,
      // Options with a default may be left out of a request.
      '--default-non-nullable=false',
      ...(mode === 'check' ? ['--check'] : []),
    ],
    { encoding: 'utf8' },
  );
  return { status, output: `${stdout}${stderr}` };
}
