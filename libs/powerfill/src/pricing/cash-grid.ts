import type { CashGridRow } from '../entities';
import type { CashGrid } from '../steps/step-results';
import { divideBigHalfAway } from './arithmetic';

/** Step of a note-rate ladder: 0.125 %. */
export const LADDER_STEP = 125_000;

type Posted = Pick<CashGridRow, 'note_rate' | 'price'>;

/**
 * Effective grid of a cash trade (engine.md, step 1): every posted rate, and every 0.125 from the lowest posted rate
 * to the highest, linearly interpolated between its posted neighbours.
 */
export function effectiveGrid(tradeId: string, rows: readonly Posted[]): CashGrid {
  const posted = [...rows].sort((a, b) => a.note_rate - b.note_rate);
  const rates: number[] = [];
  const prices: number[] = [];
  const isPosted: boolean[] = [];
  let next = posted[0]?.note_rate ?? 0;
  let below: Posted | undefined;
  for (const row of posted) {
    for (; next < row.note_rate; next += LADDER_STEP) {
      if (below === undefined || next === below.note_rate) continue;
      rates.push(next);
      prices.push(interpolate(below, row, next));
      isPosted.push(false);
    }
    rates.push(row.note_rate);
    prices.push(row.price);
    isPosted.push(true);
    below = row;
  }
  return { tradeId, rates, prices, posted: isPosted };
}

/**
 * Price of a note rate in a grid, null outside it. Between two rates a loan gets the lower rate's price ("no pay for
 * the excess"), or, where the trade interpolates, the line between the posted neighbours.
 */
export function gridPrice(grid: CashGrid, noteRate: number, interpolates: boolean): number | null {
  const { rates, prices } = grid;
  const last = rates.length - 1;
  if (last < 0 || noteRate < (rates[0] ?? 0) || noteRate > (rates[last] ?? 0)) return null;
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((rates[middle] ?? 0) <= noteRate) low = middle;
    else high = middle - 1;
  }
  if (!interpolates || rates[low] === noteRate) return prices[low] ?? null;
  return interpolate(neighbour(grid, low, -1), neighbour(grid, low + 1, 1), noteRate);
}

/** Nearest posted row at or beyond `index`, so that a ladder row's rounding never enters a second price. */
function neighbour({ rates, prices, posted }: CashGrid, index: number, step: 1 | -1): Posted {
  let at = index;
  while (posted[at] === false) at += step;
  return { note_rate: rates[at] ?? 0, price: prices[at] ?? 0 };
}

function interpolate(below: Posted, above: Posted, noteRate: number): number {
  const numerator =
    BigInt(below.price) * BigInt(above.note_rate - noteRate) + BigInt(above.price) * BigInt(noteRate - below.note_rate);
  return divideBigHalfAway(numerator, BigInt(above.note_rate - below.note_rate));
}
