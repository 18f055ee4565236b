import { type Stage, type StageAssignment } from './stage';
import { type TransportSolution } from './transport-lp';

/**
 * Price-guided start: loans the relaxation places whole stay where it has them; the few it splits, and those it leaves
 * out, then take the best option at `net - price * amount` that still has room, the most valuable choice first.
 */
export function constructFromRelaxation(stage: Stage, relaxed: TransportSolution): StageAssignment {
  const { loans, amount, start, trade, net, room } = stage;
  const count = loans.length;
  const fill = stage.baseFill.slice();
  const option = new Int32Array(count).fill(-1);
  const top = new Float64Array(count);
  const open: number[] = [];
  for (let s = 0; s < count; s++) {
    for (let o = start[s]!; o < start[s + 1]!; o++) {
      if (relaxed.flow[o] === amount[s]) {
        option[s] = o;
        fill[trade[o]!]! += amount[s]!;
      }
      top[s] = Math.max(top[s]!, net[o]! - relaxed.price[trade[o]!]! * 1e-10 * amount[s]!);
    }
    if (option[s]! < 0) open.push(s);
  }
  open.sort((a, b) => top[b]! - top[a]! || a - b);
  for (const s of open) {
    let best = -1;
    let bestValue = -Infinity;
    for (let o = start[s]!; o < start[s + 1]!; o++) {
      const j = trade[o]!;
      const value = net[o]! - relaxed.price[j]! * 1e-10 * amount[s]!;
      if (net[o]! >= 0 && value > bestValue && fill[j]! + amount[s]! <= room[j]!) {
        best = o;
        bestValue = value;
      }
    }
    if (best < 0) continue;
    option[s] = best;
    fill[trade[best]!]! += amount[s]!;
  }
  return { option, fill };
}
