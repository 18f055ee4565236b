import { lotMisses } from './good-million';

/** $1,000,000 lots, 0.01 % = $100 each, at most three pools a lot. */
const terms = { lot: 100_000_000, variance: 10_000, poolsPerLot: 3 };
const dollars = (...amounts: number[]): number[] => amounts.map((amount) => Math.round(amount * 100));
const misses = (...amounts: number[]): number[] => lotMisses(dollars(...amounts), terms);

describe('the per-million variance', () => {
  it("takes SIFMA's good pools and refuses its bad ones, whose total is the same", () => {
    expect(misses(999_945.55, 1_000_098.59)).toEqual([0, 0]);
    // 1,000,000 - 100 - 949,487.53 = 50,412.47; 50,524.24 - 100 = 50,424.24.
    expect(misses(949_487.53, 1_050_524.24)).toEqual(dollars(50_412.47, 50_424.24));
  });

  it('gives a large pool the variance of each of its lots', () => {
    // 15 lots: 15 x $100 = $1,500 either way.
    expect(misses(15_001_500)).toEqual([0]);
    expect(misses(14_998_499.99)).toEqual([1]);
  });

  it('combines small pools, at most three in a lot', () => {
    expect(misses(400_000, 350_000, 250_000)).toEqual([0, 0, 0]);
    // Four quarters need four pools in one lot: 999,900 - 250,000 = 749,900 missing each.
    expect(misses(250_000, 250_000, 250_000, 250_000)).toEqual(dollars(749_900, 749_900, 749_900, 749_900));
    // 600 + 400 and 500 + 500, found although 600 + 300 + ... leads nowhere.
    expect(misses(600_000, 500_000, 500_000, 400_000, 300_000)).toEqual(dollars(0, 0, 0, 0, 699_900));
  });

  it('answers for many small pools without searching for ever', () => {
    const many = Array.from({ length: 200 }, (_, index) => 90_000 + index * 317);
    expect(misses(...many)).toHaveLength(200);
  });
});
