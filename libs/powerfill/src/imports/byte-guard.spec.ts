import fc from 'fast-check';
import { guardedBytes } from './byte-guard';
import { FileFault } from './import-error';

const BOUNDS = { maxFileBytes: 60, maxLineBytes: 20 };

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  await Promise.resolve();
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** What comes through, or code and line of the fault. */
async function through(bytes: Buffer, size = 1000): Promise<string> {
  const passed: Buffer[] = [];
  try {
    for await (const piece of guardedBytes(pieces(bytes, size), BOUNDS)) passed.push(piece);
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    return `${error.fault.code} on line ${error.fault.line}`;
  }
  return Buffer.concat(passed).toString('utf8');
}

describe('the byte guard', () => {
  it('passes UTF-8 on unchanged, however it is cut', async () => {
    const text = 'a,b\nZürich,€\n漢,1';
    for (const size of [1, 2, 3, 7, 1000]) expect(await through(Buffer.from(text), size)).toBe(text);
  });

  it('names the line of a NUL byte and of a byte that is not UTF-8', async () => {
    for (const size of [1, 5, 1000]) {
      expect(await through(Buffer.from('a,b\n1,2\n3,\0\n'), size)).toBe('nul_byte on line 3');
      expect(await through(Buffer.from([97, 10, 98, 10, 99, 0xe4, 10]), size)).toBe('not_utf8 on line 3');
      expect(await through(Buffer.from([97, 10, 98, 0xe2, 0x82]), size)).toBe('not_utf8 on line 2');
    }
  });

  it('recognises UTF-16 with and without its mark', async () => {
    const little = Buffer.from('loan_id\n', 'utf16le');
    expect(await through(little)).toBe('not_utf8 on line 1');
    expect(await through(Buffer.concat([Buffer.from([0xff, 0xfe]), little]))).toBe('not_utf8 on line 1');
    expect(await through(Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(little).swap16()]))).toBe(
      'not_utf8 on line 1',
    );
  });

  it('bounds the file and each line', async () => {
    expect(await through(Buffer.alloc(0))).toBe('empty_file on line 1');
    expect(await through(Buffer.from(`a\n${'x'.repeat(21)}\n`))).toBe('line_too_long on line 2');
    expect(await through(Buffer.from(`a\n${'x'.repeat(21)}`), 4)).toBe('line_too_long on line 2');
    expect(await through(Buffer.from('123456789\n'.repeat(7)), 10)).toBe('file_too_large on line 7');
  });

  it('answers any bytes with the bytes or with a fault', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 50 }),
        fc.integer({ min: 1, max: 9 }),
        async (bytes, size) => {
          const answer = await through(Buffer.from(bytes), size);
          expect(answer === Buffer.from(bytes).toString('utf8') || / on line \d+$/.test(answer)).toBe(true);
        },
      ),
    );
  });
});
