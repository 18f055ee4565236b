/**
 * A set of **heavy** options of one trade: those that use up a row of it, as a high-balance loan does of a share. Where
 * only few fit, their sets can be told apart one by one.
 */
export interface HeavySet {
  /** Positions in the options offered. */
  readonly members: readonly number[];
  /** Cents. */
  readonly amount: number;
  /** Per row, what they use up of it. */
  readonly used: readonly number[];
}

/** The empty set, over so many rows. */
export function noneHeavy(rows: number): HeavySet {
  return { members: [], amount: 0, used: new Array<number>(rows).fill(0) };
}

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
  const sets = [noneHeavy(bounds.length)];
  for (let i = 0; i < amount.length; i++) {
    if (!isHeavy(coefficients, i)) continue;
    for (const set of [...sets]) {
      const cents = set.amount + amount[i]!;
      const used = coefficients.map((values, r) => set.used[r]! + values[i]!);
      const fits = cents <= room && used.every((sum, r) => sum + relief[r]! <= bounds[r]!);
      if (fits && sets.push({ members: [...set.members, i], amount: cents, used }) > most) return null;
    }
  }
  return sets;
}
