import { type Stage, type StageAssignment } from '../stage/stage';

/** A loan counts as placed whole when the relaxation misses no more than this, cents. */
const WHOLE_WITHIN = 0.5;

/**
 * Price-guided start: loans the relaxation places whole stay where it has them; the few it splits, and those it leaves
 * out, then take the best option at `net - price * amount` that still has room, the most valuable choice first.
 *
 * @param flow cents of each option's loan the relaxation places there
 * @param guide `reducedValues` at its prices
 */
export function constructFromRelaxation(stage: Stage, flow: Float64Array, guide: Float64Array): StageAssignment {
  const { loans, amount, start, trade, net, room } = stage;
  const count = loans.length;
  const fill = stage.baseFill.slice();
  const option = new Int32Array(count).fill(-1);
  const top = new Float64Array(count);
  const open: number[] = [];
  for (let s = 0; s < count; s++) {
    for (let o = start[s]!; o < start[s + 1]!; o++) {
      if (flow[o]! >= amount[s]! - WHOLE_WITHIN) option[s] = o;
      top[s] = Math.max(top[s]!, guide[o]!);
    }
    const o = option[s]!;
    if (o >= 0 && fill[trade[o]!]! + amount[s]! <= room[trade[o]!]!) fill[trade[o]!]! += amount[s]!;
    else {
      option[s] = -1;
      open.push(s);
    }
  }
  open.sort((a, b) => top[b]! - top[a]! || a - b);
  for (const s of open) {
    let best = -1;
    let bestValue = -Infinity;
    for (let o = start[s]!; o < start[s + 1]!; o++) {
      const j = trade[o]!;
      if (net[o]! < 0 || guide[o]! <= bestValue || fill[j]! + amount[s]! > room[j]!) continue;
      if (!losesPayment(stage, j, fill[j]!, amount[s]!)) {
        best = o;
        bestValue = guide[o]!;
      }
    }
    if (best < 0) continue;
    option[s] = best;
    fill[trade[best]!]! += amount[s]!;
  }
  return { option, fill };
}

/** Whether a loan would end the pair-off that the market pays for: a jump the guide does not see. */
function losesPayment({ min, pairOffRate }: Stage, j: number, fill: number, amount: number): boolean {
  return pairOffRate[j]! < 0 && fill < min[j]! && fill + amount >= min[j]!;
}
