import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { clientTypes } from './client-types';
import { OPENAPI_FILE, openApiText } from './write-openapi';

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly responses: Readonly<Record<string, { readonly description?: string; readonly content?: object }>>;
}

const FILE = resolve(__dirname, '../..', OPENAPI_FILE);
const VALIDATOR = resolve(__dirname, '../..', 'node_modules/.bin/validate-api');
const text = readFileSync(FILE, 'utf8');
const document = JSON.parse(text) as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
};
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
);
/** Operations at fault; a test shows their names. */
const faulty = (isFaulty: (operation: Operation) => boolean): string[] =>
  operations.filter(({ operation }) => isFaulty(operation)).map(({ name }) => name);

describe('openapi.json', () => {
  it('is the document of the API; npm run openapi writes it', async () => {
    expect(JSON.parse(await openApiText())).toEqual(document);
  });

  it('is valid OpenAPI', () => {
    // The validator is an ES module, which Jest does not load on Node 20; its command does the same.
    const { status, stdout, stderr } = spawnSync(process.execPath, [VALIDATOR, FILE], { encoding: 'utf8' });
    expect([status, stdout, stderr]).toEqual([0, expect.any(String), '']);
  });

  it('is what the types of the TypeScript client are made from', () => {
    expect(clientTypes(OPENAPI_FILE, 'check')).toMatchObject({ status: 0 });
  });

  it('refers only to schemas it has', () => {
    const { schemas } = document.components;
    const named = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in schemas))).toEqual([]);
  });

  it('has routes of every part of the product', () => {
    expect(operations.length).toBeGreaterThan(50);
  });

  it('says of every operation what it does and to which part it belongs, under an id of its own', () => {
    expect(faulty(({ summary }) => summary === undefined || summary === '' || summary.endsWith('.'))).toEqual([]);
    expect(faulty(({ tags }) => tags?.length !== 1)).toEqual([]);
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
  });

  it('says of every operation what it answers, and answers every error with a problem document', () => {
    const isSuccess = (status: string): boolean => status.startsWith('2');
    expect(faulty(({ responses }) => !Object.keys(responses).some(isSuccess))).toEqual([]);
    const isEmpty = (operation: Operation): boolean =>
      Object.entries(operation.responses).some(
        ([status, { content }]) => isSuccess(status) && status !== '204' && content === undefined,
      );
    expect(faulty(isEmpty)).toEqual([]);
    // Readiness answers 503 with the same document as 200.
    const isOddError = (operation: Operation): boolean =>
      operation.tags?.[0] !== 'Service' &&
      Object.entries(operation.responses).some(
        ([status, { content }]) => Number(status) >= 400 && !Object.hasOwn(content ?? {}, 'application/problem+json'),
      );
    expect(faulty(isOddError)).toEqual([]);
  });
});
