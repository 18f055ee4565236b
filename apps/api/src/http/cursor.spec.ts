import { RefusedError } from '@powerfill/core/domain/errors';
import * as fc from 'fast-check';
import { decodeCursor, encodeCursor } from './cursor';

describe('a cursor', () => {
  it('gives its key back to the list that made it', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 4 }),
        (list, key) => {
          expect(decodeCursor(list, encodeCursor(list, key), key.length)).toEqual(key);
        },
      ),
    );
  });

  it('is refused by another list, and with another number of parts', () => {
    const cursor = encodeCursor('runs', ['2026-11-23', 'x']);
    expect(() => decodeCursor('guide:1', cursor, 2)).toThrow(RefusedError);
    expect(() => decodeCursor('runs', cursor, 1)).toThrow(RefusedError);
  });

  it('is refused, never a defect, whatever text comes', () => {
    const refused = (text: string): void => {
      expect(() => decodeCursor('runs', text, 2)).toThrow(RefusedError);
    };
    fc.assert(fc.property(fc.string(), refused));
    fc.assert(fc.property(fc.json(), (json) => refused(Buffer.from(json).toString('base64url'))));
    refused('A'.repeat(2_000));
  });
});
