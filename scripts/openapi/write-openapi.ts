import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readEnvironment } from '@powerfill/platform';
import { TenantCatalogue } from '@powerfill/tenancy';
import { NestFactory } from '@nestjs/core';
import { ApiModule } from '../../apps/api/src/api.module';
import { openApiDocument } from '../../apps/api/src/bootstrap/open-api';
import { runCommand } from '../command/run-command';
import { CLIENT_TYPES_FILE, clientTypes } from './client-types';

/** The document in the repository; a test holds it against the API. */
export const OPENAPI_FILE = 'openapi.json';

/** The text of `openapi.json`: the document of the API, built without starting anything. */
export async function openApiText(): Promise<string> {
  const module = ApiModule.forEnvironment(readEnvironment({}), new TenantCatalogue([]));
  const app = await NestFactory.create(module, { preview: true, logger: false });
  try {
    return `${JSON.stringify(openApiDocument(app), null, 2)}\n`;
  } finally {
    await app.close();
  }
}

const USAGE = `Writes the OpenAPI document of the API to ${OPENAPI_FILE}, and the types of the client to ${CLIENT_TYPES_FILE}.

  npm run openapi
`;

/** Runs the command; returns its exit status: 0 written, 2 wrong arguments. */
export function runOpenApi(args: readonly string[]): Promise<number> {
  return runCommand(USAGE, async () => {
    const { values } = parseArgs({ args: [...args], options: { help: { type: 'boolean' } } });
    if (values.help === true) {
      process.stdout.write(USAGE);
      return 0;
    }
    writeFileSync(OPENAPI_FILE, await openApiText());
    const { status, output } = clientTypes(OPENAPI_FILE, 'write');
    if (status !== 0) throw new Error(`openapi-typescript ended with status ${status}: ${output}`);
    process.stdout.write(`Wrote ${OPENAPI_FILE} and ${CLIENT_TYPES_FILE}.\n`);
    return 0;
  });
}
