import {
  guideTable,
  kickoutTable,
  runLogTable,
  syntheticGuideTable,
  syntheticRankTable,
  syntheticTradeTable,
} from '../entities';
import {
  candidate,
  eligibleLoan,
  idleControl,
  option,
  pairPrice,
  pts,
  rowsOf,
  runInput,
  synthetic,
  usd,
} from './allocation/step-fixtures';
import { type StepOutcome } from './run-step';
import { type EligibleLoan, type LoanOutcome, type StepResults, type SyntheticTrade } from './step-results';
import { UeStep } from './ue.step';

const december = synthetic('UMBS30', 5.5, '2026-12');
const decemberNy = synthetic('UMBS30', 5.5, '2026-12', 'NY');
const january = synthetic('UMBS30', 5.5, '2027-01');
const synthetics = [december, decemberNy, january];

const placed = (tradeId: string): LoanOutcome => ({ kind: 'placed', tradeId });
const kickedOut: LoanOutcome = { kind: 'kicked_out', code: 'NO_ROOM' };

const resultsOf = (
  loans: readonly (readonly [EligibleLoan, LoanOutcome, reservation?: number])[],
  market: readonly SyntheticTrade[] = synthetics,
): StepResults => ({
  synthetics: market,
  candidates: { loans: loans.map(([loan]) => loan), outOfScope: [], poolRules: [] },
  allocation: {
    outcomes: new Map(loans.map(([{ loan }, outcome]) => [loan.loan_id, outcome])),
    reservations: new Map(loans.map(([{ loan }, , reservation = 0]) => [loan.loan_id, reservation])),
    tradeRows: new Map(),
    certificate: {} as never,
  },
});

const run = (results: StepResults, mode: 'price' | 'price_plus_carry' = 'price_plus_carry'): Promise<StepOutcome> =>
  new UeStep().run(runInput({ price_mode: mode }), results, idleControl());

describe('UeStep', () => {
  const loan = eligibleLoan('A', {
    candidates: [candidate('T1', 0, { price: pairPrice(pts(101.1), pts(0.15)) })],
    // By price: NY 101.5, December 101.25, January 101.25 (tie: by id). With carry: January 101.75, NY 101.625, December 101.5.
    synthetics: [
      option(december, pts(101.25), pts(0.25)),
      option(decemberNy, pts(101.5), pts(0.125)),
      option(january, pts(101.25), pts(0.5)),
    ],
  });

  it('ranks every option twice', async () => {
    const { writes } = await run(resultsOf([[loan, placed('T1')]]));
    expect(rowsOf(writes, syntheticRankTable)).toEqual([
      expect.objectContaining({ syn_trade_id: december.id, rank_by_price: 2, rank_by_carry: 3 }),
      expect.objectContaining({ syn_trade_id: decemberNy.id, rank_by_price: 1, rank_by_carry: 2 }),
      expect.objectContaining({ syn_trade_id: january.id, rank_by_price: 3, rank_by_carry: 1 }),
    ]);
  });

  it('holds the best of each ranking against the chosen trade', async () => {
    const { writes } = await run(resultsOf([[loan, placed('T1')]]));
    // By price 101.5 - 101.1 = 0.4; with carry 101.75 - 101.25 = 0.5.
    expect(rowsOf(writes, syntheticGuideTable)).toEqual([
      expect.objectContaining({
        loan_id: 'A',
        ranked_by: 'price',
        syn_trade_id: decemberNy.id,
        chosen_trade_id: 'T1',
        chosen_score: pts(101.1),
        give_up: pts(0.4),
      }),
      expect.objectContaining({
        ranked_by: 'price_plus_carry',
        syn_trade_id: january.id,
        chosen_score: pts(101.25),
        give_up: pts(0.5),
      }),
    ]);
  });

  it.each([
    ['price', decemberNy.id, 101.5, 0.4],
    ['price_plus_carry', january.id, 101.75, 0.5],
  ] as const)(
    'writes the alternative of the ranking the run scores by (%s) into the guide',
    async (mode, id, score, giveUp) => {
      const { writes } = await run(resultsOf([[loan, placed('T1')]]), mode);
      expect(rowsOf(writes, guideTable)).toEqual([
        { loan_id: 'A', alternative_id: id, alternative_score: pts(score), give_up: pts(giveUp) },
      ]);
    },
  );

  it('gives kickouts an alternative and held loans ranks only', async () => {
    const other = eligibleLoan('B', { synthetics: [option(december, pts(101))], held: { code: 'LOCKED' } });
    const { writes } = await run(
      resultsOf([
        [loan, kickedOut],
        [other, { kind: 'held', code: 'LOCKED' }],
      ]),
    );
    expect(rowsOf(writes, kickoutTable)).toEqual([
      { loan_id: 'A', alternative_id: january.id, alternative_score: pts(101.75) },
    ]);
    expect(rowsOf(writes, guideTable)).toEqual([]);
    expect(rowsOf(writes, syntheticGuideTable)).toHaveLength(4);
    expect(rowsOf(writes, syntheticGuideTable)[0]).toMatchObject({ chosen_trade_id: null, give_up: null });
  });

  it('names no give-up against a locked pair without a price', async () => {
    const member = eligibleLoan('A', {
      candidates: [candidate('T1', 0, { locked: true, unpriceable: true })],
      synthetics: [option(december, pts(101))],
    });
    const { writes } = await run(resultsOf([[member, placed('T1')]]));
    expect(rowsOf(writes, guideTable)).toEqual([
      { loan_id: 'A', alternative_id: december.id, alternative_score: pts(101), give_up: null },
    ]);
  });

  it('suggests trades in whole millions with the dollars gained, on the first story of the group', async () => {
    const option55 = [option(december, pts(101)), option(decemberNy, pts(101.25))];
    const results = resultsOf([
      // Kickout, gains 101.25 - 101.125 = 0.125 on 1,200,000: 1,500.00.
      [eligibleLoan('A', { amount: usd(1_200_000), synthetics: option55 }), kickedOut, pts(101.125)],
      // Give-up of 0.25 on 900,000: 2,250.00.
      [
        eligibleLoan('B', {
          amount: usd(900_000),
          candidates: [candidate('T1', pts(101))],
          synthetics: option55,
        }),
        placed('T1'),
      ],
      // Nothing to gain: chosen beats the market.
      [eligibleLoan('C', { candidates: [candidate('T1', pts(102))], synthetics: option55 }), placed('T1')],
      // The desk holds it back.
      [eligibleLoan('D', { excludedCode: 'HELD', synthetics: option55 }), { kind: 'kicked_out', code: 'HELD' }],
      // Locked to its pool.
      [
        eligibleLoan('E', { candidates: [candidate('T1', pts(100), { locked: true })], synthetics: option55 }),
        placed('T1'),
      ],
      // Worth more unplaced than sold.
      [eligibleLoan('F', { synthetics: option55 }), kickedOut, pts(101.5)],
      // Another month, below a million.
      [eligibleLoan('G', { amount: usd(999_999.99), synthetics: [option(january, pts(101))] }), kickedOut, pts(100)],
    ]);
    const { writes } = await run(results);
    const none = {
      suggested_amount: null,
      suggested_gain: null,
      suggested_kickout_amount: null,
      suggested_give_up_amount: null,
      suggested_loan_count: null,
    };
    // 1,200,000 + 900,000 = 2,100,000, rounded down to 2,000,000.
    expect(rowsOf(writes, syntheticTradeTable)).toEqual([
      expect.objectContaining({
        syn_trade_id: december.id,
        suggested_amount: usd(2_000_000),
        suggested_gain: usd(3_750),
        suggested_kickout_amount: usd(1_200_000),
        suggested_give_up_amount: usd(900_000),
        suggested_loan_count: 2,
        cost_points: pts(0.03125),
      }),
      expect.objectContaining({ syn_trade_id: decemberNy.id, ...none }),
      expect.objectContaining({ syn_trade_id: january.id, ...none }),
    ]);
    expect(rowsOf(writes, runLogTable)).toEqual([
      expect.objectContaining({ seq: 1, code: 'alternatives_ranked' }),
      expect.objectContaining({
        seq: 2,
        code: 'suggested_trade',
        message:
          'UMBS30 5.500000 2026-12: sell $2000000.00, gains $3750.00 on 2 loans ' +
          '(kickouts $1200000.00, give-ups $900000.00)',
      }),
    ]);
  });

  it('counts the loans that today has no price for', async () => {
    const { writes } = await run(resultsOf([[eligibleLoan('A'), kickedOut]]));
    expect(rowsOf(writes, runLogTable)).toContainEqual(
      expect.objectContaining({ code: 'no_alternative', message: "1 loans fit no synthetic trade of today's market." }),
    );
  });

  it('without a market grid only says so', async () => {
    const outcome = await run(resultsOf([[eligibleLoan('A'), kickedOut]], []));
    expect(outcome.status).toBe('skipped');
    expect(outcome.writes.map(({ table }) => table.name)).toEqual(['pfill_powerfill_log']);
    expect(rowsOf(outcome.writes, runLogTable)).toEqual([
      expect.objectContaining({ level: 'warning', code: 'no_market_grid' }),
    ]);
  });
});
