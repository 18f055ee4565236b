import { type PairOffTerms } from '../problem/pair-off';

/** A stretch of fills over which one more cent delivered to the trade changes its pair-off cost by `-slope`. */
export interface EnvelopeSegment {
  /** Cents. */
  readonly length: number;
  /** Gain per cent delivered; falls from segment to segment. */
  readonly slope: number;
}

/**
 * Least concave function above `-pairOff` between two fills: the linear relaxation of the jump. Pair-off is linear
 * below L and 0 from L on, so its corners are the two ends, the last cent below L, L, and the least fill of a used
 * trade.
 */
export function pairOffEnvelope(
  terms: PairOffTerms,
  j: number,
  base: number,
  room: number,
  mustReach = 0,
): EnvelopeSegment[] {
  const min = terms.min[j]!;
  const rate = terms.pairOffRate[j]! * 1e-10;
  const gain = (fill: number): number => (fill >= min ? 0 : -rate * (terms.target[j]! - fill));
  const allowed = (fill: number): boolean => fill > base && fill <= room && fill >= mustReach;
  const fills = [base, min - 1, min, mustReach, room].filter((fill, n) => n === 0 || allowed(fill));
  fills.sort((a, b) => a - b);
  const hull: number[] = [];
  for (const fill of fills) {
    if (hull.at(-1) === fill) continue;
    while (hull.length >= 2) {
      const [a, b] = [hull[hull.length - 2]!, hull[hull.length - 1]!];
      if ((gain(b) - gain(a)) * (fill - b) > (gain(fill) - gain(b)) * (b - a)) break;
      hull.pop();
    }
    hull.push(fill);
  }
  return hull.slice(1).map((to, n) => {
    const from = hull[n]!;
    return { length: to - from, slope: (gain(to) - gain(from)) / (to - from) };
  });
}
