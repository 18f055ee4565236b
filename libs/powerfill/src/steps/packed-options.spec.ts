import { option, pts, synthetic } from './allocation/step-fixtures';
import { packOptions } from './packed-options';

describe('packOptions', () => {
  const options = [
    option(synthetic('UMBS30', 5.5, '2026-12'), pts(101.25), pts(-0.125)),
    option(synthetic('UMBS30', 6, '2026-12', 'NY'), pts(0), pts(0.5)),
  ];

  it('keeps the trades and what they would pay, in the order given, as often as it is asked', () => {
    const packed = packOptions(options);
    const expected = options.map(({ synthetic: trade, price: { price, carry, prxPlusCarry, score } }) => ({
      synthetic: trade,
      price: { price, carry, prxPlusCarry, score },
    }));
    expect(packed.length).toBe(2);
    expect([...packed]).toEqual(expected);
    expect([...packed]).toEqual(expected);
    expect([...packed][0]?.synthetic).toBe(options[0]?.synthetic);
  });

  it('is empty for a loan without one', () => {
    expect([...packOptions([])]).toEqual([]);
    expect(packOptions([]).length).toBe(0);
  });
});
