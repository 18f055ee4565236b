import { type EligibleLoan, type OptionPrice, type SyntheticOption } from '../steps/step-results';

/** The two rankings of step 6 (engine.md): by price with pay-up, and with carry. */
export type RankedBy = 'price' | 'price_plus_carry';

export const RANKINGS: readonly RankedBy[] = ['price', 'price_plus_carry'];

/** The figure a ranking goes by, 1e-8 point. */
export const figureOf = (price: OptionPrice, ranking: RankedBy): number =>
  ranking === 'price' ? price.price : price.prxPlusCarry;

/** An option of a loan with its place in both rankings, 1 = best. */
export interface RankedOption {
  readonly option: SyntheticOption;
  readonly rankByPrice: number;
  readonly rankByCarry: number;
}

/** Ranks a loan's options twice; equal figures rank by synthetic id. Options keep their order (synthetic id). */
export function rankOptions({ synthetics }: EligibleLoan): RankedOption[] {
  const options = [...synthetics];
  const byPrice = ranks(options, 'price');
  const byCarry = ranks(options, 'price_plus_carry');
  return options.map((option, index) => ({
    option,
    rankByPrice: byPrice[index] ?? 0,
    rankByCarry: byCarry[index] ?? 0,
  }));
}

function ranks(options: readonly SyntheticOption[], ranking: RankedBy): readonly number[] {
  const figures = options.map(({ price }) => figureOf(price, ranking));
  // Options come sorted by synthetic id and the sort is stable, so equal figures keep that order.
  const order = figures.map((_, index) => index).sort((a, b) => (figures[b] ?? 0) - (figures[a] ?? 0));
  const rank = new Array<number>(options.length);
  order.forEach((index, place) => (rank[index] = place + 1));
  return rank;
}

/** The option a ranking puts first; null without options. */
export function bestOption(ranked: readonly RankedOption[], ranking: RankedBy): SyntheticOption | null {
  const first = ranked.find(({ rankByPrice, rankByCarry }) => (ranking === 'price' ? rankByPrice : rankByCarry) === 1);
  return first?.option ?? null;
}
