/**
 * A set of **heavy** options of one trade: those that use up a row of it, as a high-balance loan does of a share. Where
 * only few fit, their sets can be told apart one by one.
 */
export interface HeavySet {
  /** Positions in the options offered. */
  readonly members: readonly number[];
  /** Cents. */
  readonly amount: number;
}

export const NONE_HEAVY: HeavySet = { members: [], amount: 0 };

/** Whether an option uses up any of the rows. */
export function isHeavy(coefficients: readonly Float64Array[], i: number): boolean {
  return coefficients.some((values) => values[i]! > 0);
}

/**
 * All sets of heavy options that may be part of a composition.
 *
 * @param amount of each option, cents
 * @param coefficients per row, of each option
 * @param bounds per row the largest sum that holds
 * @param room cents
 * @returns the empty set among them; null when they are more than `most`
 */
export function heavySetsOf(
  amount: Float64Array,
  coefficients: readonly Float64Array[],
  bounds: readonly number[],
  room: number,
  most: number,
): HeavySet[] | null {
  const relief = coefficients.map((values) => values.reduce((sum, value) => sum + Math.min(0, value), 0));
  const sets = [NONE_HEAVY];
  for (let i = 0; i < amount.length; i++) {
    if (!isHeavy(coefficients, i)) continue;
    for (const set of [...sets]) {
      const members = [...set.members, i];
      const cents = set.amount + amount[i]!;
      const used = (values: Float64Array): number => members.reduce((sum, m) => sum + values[m]!, 0);
      const fits = cents <= room && coefficients.every((values, r) => used(values) + relief[r]! <= bounds[r]!);
      if (fits && sets.push({ members, amount: cents }) > most) return null;
    }
  }
  return sets;
}
