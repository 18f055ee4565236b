import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { InputError, readJson } from './read-json';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'powerfill-json-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function written(content: string | Buffer): string {
  const path = join(folder, 'file.json');
  writeFileSync(path, content);
  return path;
}

/** Five million lists in one another: gigabytes to JSON.parse, which only then finds that none is closed. */
const DEEP = '['.repeat(5_000_000);

describe('readJson', () => {
  it('unpacks no more than it could read', () => {
    const path = written(gzipSync(`"${'x'.repeat(1_000_000)}"`));
    expect(readJson(path, 1_000_002)).toHaveLength(1_000_000);
    expect(() => readJson(path, 1_000_001)).toThrow('file.json is too large to read in one piece');
  });

  it('turns down lists and objects that are nested too deep, before they take memory', () => {
    expect(() => readJson(written(DEEP))).toThrow(InputError);
    expect(() => readJson(written(`{"loans":${'{"a":['.repeat(60)}1${']}'.repeat(60)}}`))).toThrow('nested too deep');
  });

  it('counts no bracket inside a text, nor what stands beside another', () => {
    const file = { '[[{{': `"\\${DEEP.slice(0, 1_000)}`, lists: Array.from({ length: 1_000 }, () => [{}]) };
    expect(readJson(written(JSON.stringify(file)))).toEqual(file);
  });
});
