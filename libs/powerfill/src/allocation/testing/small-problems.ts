import fc from 'fast-check';
import { type CandidateInput, type LoanInput, type ProblemFile, type TradeInput } from '../problem/problem-file';

/** Cents as the decimal string of the file. */
export const money = (cents: number): string => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;

/** Random small problems without limits: jumps of either sign, locks, switching cost, priorities, negative values. */
export const smallProblems: fc.Arbitrary<ProblemFile> = fc
  .record({
    amounts: fc.array(fc.integer({ min: 1, max: 90_000_000 }), { minLength: 0, maxLength: 6 }),
    trades: fc.array(
      fc.record({
        levels: fc.tuple(fc.nat(120_000_000), fc.nat(120_000_000), fc.nat(120_000_000)),
        rate: fc.integer({ min: -200, max: 300 }),
        unlimited: fc.boolean(),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    pairs: fc.array(
      fc.record({
        score: fc.integer({ min: -40, max: 120 }),
        priority: fc.integer({ min: 1, max: 3 }),
        there: fc.nat(3),
      }),
      { minLength: 18, maxLength: 18 },
    ),
    currents: fc.array(fc.record({ trade: fc.integer({ min: -1, max: 2 }), locked: fc.boolean() }), {
      minLength: 6,
      maxLength: 6,
    }),
    mode: fc.constantFrom('global' as const, 'priority' as const),
    reservation: fc.constantFrom(0, 20.5),
    switchCost: fc.constantFrom(0, 15),
    seed: fc.nat(1000),
  })
  .map(({ amounts, trades, pairs, currents, mode, reservation, switchCost, seed }) => {
    const tradeInputs = trades.map(({ levels, rate, unlimited }, j): TradeInput => {
      const [min, target, max] = [...levels].sort((a, b) => a - b) as [number, number, number];
      return {
        id: `T${j}`,
        min: money(min),
        target: money(target),
        ...(!unlimited && { max: money(max) }),
        pair_off_points: rate / 100,
      };
    });
    const candidates: CandidateInput[] = [];
    const loans = amounts.map((amount, i): LoanInput => {
      tradeInputs.forEach((trade, j) => {
        const pair = pairs[i * 3 + j]!;
        if (pair.there > 0)
          candidates.push({
            loan: `L${i}`,
            trade: trade.id,
            score: pair.score,
            priority: pair.priority,
            constraint: 'C',
          });
      });
      const current = currents[i]!;
      const known = candidates.some((c) => c.loan === `L${i}` && c.trade === `T${current.trade}`);
      return {
        id: `L${i}`,
        amount: money(amount),
        ...(current.trade >= 0 && current.trade < trades.length && { current_trade: `T${current.trade}` }),
        ...(known && current.locked && { locked: true }),
      };
    });
    return {
      loans,
      trades: tradeInputs,
      candidates,
      options: { mode, reservation_price: reservation, switch_cost_bp: switchCost, seed },
    };
  });
