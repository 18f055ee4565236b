import { FractionalKnapsack } from './fractional-knapsack';
import { Random } from '../random';

const CASES = 400;

/** Values and amounts of items; values of few sizes, so that some earn the same per cent. */
function draw(random: Random, count: number): { amount: Float64Array; value: Float64Array } {
  const amount = Float64Array.from({ length: count }, () => 1 + random.below(20));
  return { amount, value: amount.map((cents) => cents * (random.below(9) - 4)) };
}

/** By enumeration: in an optimum at most one item is cut. */
function mostByEnumeration(amount: number[], value: number[], least: number, most: number): number {
  let best = -Infinity;
  for (let set = 0; set < 2 ** amount.length; set++) {
    const within = amount.map((_, i) => (set >> i) & 1);
    const filled = within.reduce((sum, one, i) => sum + one * amount[i]!, 0);
    const earned = within.reduce((sum, one, i) => sum + one * value[i]!, 0);
    if (filled >= least && filled <= most) best = Math.max(best, earned);
    within.forEach((one, i) => {
      if (one === 1) return;
      for (const edge of [least, most]) {
        const part = (edge - filled) / amount[i]!;
        if (part >= 0 && part <= 1) best = Math.max(best, earned + part * value[i]!);
      }
    });
  }
  return best;
}

describe('the linear relaxation of a knapsack', () => {
  it('fills every tail of its order as the best of all fillings does', () => {
    const random = new Random(1);
    for (let number = 0; number < CASES; number += 1) {
      const { amount, value } = draw(random, 1 + random.below(6));
      const knapsack = new FractionalKnapsack([...amount.keys()], amount);
      knapsack.arrange(value);
      const from = random.below(amount.length + 1);
      const tail = Array.from(knapsack.order.subarray(from));
      const least = random.below(30);
      const most = least + random.below(30);
      const expected = mostByEnumeration(
        tail.map((i) => amount[i]!),
        tail.map((i) => value[i]!),
        least,
        most,
      );
      const found = knapsack.most(from, least, most);
      if (expected === -Infinity) expect(found).toBe(-Infinity);
      else expect(found).toBeCloseTo(expected, 6);
    }
  });

  it.each([5, 50, 500])('keeps %d items in order, whether few or all of them move', (count) => {
    const random = new Random(2);
    const { amount, value } = draw(random, count);
    const items = [...amount.keys()].filter((i) => i % 5 !== 2);
    const knapsack = new FractionalKnapsack(items, amount);
    const ratio = (i: number): number => value[i]! / amount[i]!;
    for (let round = 0; round < 30; round += 1) {
      knapsack.arrange(value);
      expect([...knapsack.order]).toEqual([...items].sort((a, b) => ratio(b) - ratio(a) || a - b));
      expect([...knapsack.earns]).toEqual([...knapsack.order].map((i) => value[i]));
      expect([...knapsack.weight]).toEqual([...knapsack.order].map((i) => amount[i]));
      if (round % 3 === 0) value.forEach((cents, i) => (value[i] = -cents));
      else value[random.below(count)]! += random.below(40) - 20;
    }
  });
});
