import { splitValue } from './value-by-term';

describe('value by price term', () => {
  it('adds up to the price and the price plus carry to the cent', () => {
    // $250,000.00 at 101.25 + 0.0000001 pay-up - 0.1 carry: cents = 250,000 x points.
    // base 25,312,500.00 cents; pay-up 0.025 cents; carry -25,000 cents; total 25,287,500.025 -> 25,287,500.
    const value = splitValue([253_125_000_000_000_000n, 250_000_000n, 0n, 0n, 0n, -250_000_000_000_000n]);
    expect(value).toEqual({
      base_price: '253125.00',
      pay_up: '0.00',
      buy_up_down: '0.00',
      servicing_value: '0.00',
      adjustments: '0.00',
      carry: '-250.00',
      price: '253125.00',
      prx_plus_carry: '252875.00',
    });
  });

  it('gives cents lost by rounding to the term that is nearest to one', () => {
    // Three terms of 0.4, 0.3 and 0.4 cents: 1.1 -> 1 cent, to the first of the largest.
    const tenth = 10n ** 9n;
    const value = splitValue([4n * tenth, 3n * tenth, 4n * tenth, 0n, 0n, 0n]);
    expect([value.base_price, value.pay_up, value.buy_up_down, value.price]).toEqual(['0.01', '0.00', '0.00', '0.01']);
  });
});
