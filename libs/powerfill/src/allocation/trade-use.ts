import { type Restrictions } from './restrictions';
import { type Stage } from './stage';
import { PROHIBITIVE } from './trade-sides';

/** A trade is kept empty, or in use, when compositions agree on it in this share of their steps. */
const AGREED = 0.9;

/**
 * A stage whose trades with a minimum if used are kept to what their best compositions do: empty, or in use. Between the
 * two no single loan can go without a miss, so that a search mostly stays with what it was given.
 *
 * @param used per trade the share of the steps in which it held loans
 */
export function stageByUse(stage: Stage, { mustReach }: Restrictions, used: Float64Array): Stage {
  const isKept = (j: number): boolean =>
    mustReach[j]! > 0 && stage.baseFill[j] === 0 && mustReach[j]! <= stage.room[j]!;
  const isIn = (j: number): boolean => isKept(j) && used[j]! >= AGREED;
  return {
    ...stage,
    room: stage.room.map((most, j) => (isKept(j) && used[j]! <= 1 - AGREED ? 0 : most)),
    target: stage.target.map((own, j) => (isIn(j) ? mustReach[j]! : own)),
    min: stage.min.map((own, j) => (isIn(j) ? mustReach[j]! : own)),
    pairOffRate: stage.pairOffRate.map((own, j) => (isIn(j) ? PROHIBITIVE : own)),
  };
}
