import * as fc from 'fast-check';
import { canonicalJson, fingerprintOf } from './canonical-json';

describe('canonical JSON', () => {
  it('sorts names at every depth and keeps the order of lists', () => {
    expect(canonicalJson({ b: [{ y: 1, x: 'é' }, 2], a: null })).toBe('{"a":null,"b":[{"x":"é","y":1},2]}');
  });

  it('means the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('gives the same fingerprint to the same body in another order, and another one to another body', () => {
    expect(fingerprintOf({ seed: 1, effort: 'deep' })).toBe(fingerprintOf({ effort: 'deep', seed: 1 }));
    expect(fingerprintOf({ seed: 1 })).not.toBe(fingerprintOf({ seed: '1' }));
    expect(fingerprintOf(undefined)).toBe(fingerprintOf({}));
  });
});
