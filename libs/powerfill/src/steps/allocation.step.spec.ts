import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { type AllocationRunner } from '../allocation-worker';
import { guideTable, kickoutTable, loanOrderingTable, tradeBaseTable } from '../entities';
import { AllocationStep } from './allocation.step';
import { ScriptedRunner, type Script } from './allocation/scripted-runner';
import {
  candidate,
  eligibleLoan,
  idleControl,
  option,
  pairPrice,
  pct,
  poolRule,
  pricedTrade,
  pts,
  rowsOf,
  runInput,
  synthetic,
  usd,
} from './allocation/step-fixtures';
import { type RunInput } from './run-input';
import { type EligibleLoan, type PricedTrade, type StepResults } from './step-results';

const resultsOf = (
  loans: readonly EligibleLoan[],
  trades: readonly PricedTrade[],
  poolRules: readonly string[] = [],
): StepResults => ({
  trades,
  candidates: { loans, outOfScope: [], poolRules: poolRules.map((ruleName) => ({ ruleName, tradeIds: ['T1'] })) },
});

async function run(
  results: StepResults,
  script: Script,
  input: RunInput = runInput(),
): Promise<{ outcome: Awaited<ReturnType<AllocationStep['run']>>; runner: ScriptedRunner }> {
  const runner = new ScriptedRunner(script);
  return { outcome: await new AllocationStep(runner).run(input, results, idleControl()), runner };
}

describe('AllocationStep', () => {
  const trades = [
    pricedTrade('T1', { target: usd(600_000), min: usd(594_000), max: usd(606_000), pairOffPoints: pts(0.25) }),
    pricedTrade('T2', { target: usd(300_000), mustReach: usd(100_000), min: 0, pastHorizon: true }),
  ];

  it('writes the problem in the format of npm run solve, sorted, in shortest decimals', async () => {
    const loans = [
      eligibleLoan('L1', {
        currentTradeId: 'T2',
        candidates: [candidate('T2', pts(101.5)), candidate('T1', pts(101.25), { priority: 20 })],
        synthetics: [option(synthetic('UMBS30', 5.5, '2026-12'), pts(101))],
      }),
      eligibleLoan('L2', { held: { code: 'POOL_TRADE_NOT_IN_RUN' }, currentTradeId: 'T9' }),
      eligibleLoan('L3', {
        amount: usd(250_000.05),
        currentTradeId: 'T1',
        candidates: [candidate('T1', 0, { locked: true, unpriceable: true })],
      }),
    ];
    const { outcome, runner } = await run(
      resultsOf(loans, trades),
      { placed: { L1: 'T1', L3: 'T1' } },
      runInput({ reservation_price: 'market', switch_cost_bp: '2.5000' }),
    );
    // L1: reservation 101 - 0.125 bonus = 100.875. L2 is held: no candidate. L3: no market and no price: score 0 - 0.
    expect(runner.text).toBe(
      [
        '{"loans":[',
        '{"id":"L1","amount":"300000.00","reservation":"100.875","current_trade":"T2"},',
        '{"id":"L2","amount":"300000.00"},',
        '{"id":"L3","amount":"250000.05","current_trade":"T1","locked":true}],',
        '"trades":[',
        '{"id":"T1","target":"600000.00","min":"594000.00","max":"606000.00","pair_off_points":"0.25"},',
        '{"id":"T2","target":"300000.00","min":"0.00","max":"300000.00","pair_off_points":"0","must_reach":"100000.00"}],',
        '"candidates":[',
        '{"loan":"L1","trade":"T1","score":"101.25","priority":20,"constraint":"c20"},',
        '{"loan":"L1","trade":"T2","score":"101.5","priority":10,"constraint":"c10"},',
        '{"loan":"L3","trade":"T1","score":"0","priority":10,"constraint":"c10"}],',
        '"limits":[],',
        '"options":{"mode":"priority","switch_cost_bp":"2.5000","effort":"standard","seed":1,"unreachable":"relax"}}',
        '',
      ].join('\n'),
    );
    expect(outcome.problem?.sha256).toBe(createHash('sha256').update(runner.text).digest('hex'));
    expect(gunzipSync(outcome.problem?.gzip ?? '').toString()).toBe(runner.text);
  });

  it('stores the same bytes for the same input', async () => {
    const loans = [eligibleLoan('L1', { candidates: [candidate('T1', pts(101))] })];
    const [a, b] = await Promise.all([run(resultsOf(loans, trades), {}), run(resultsOf(loans, trades), {})]);
    expect(a.outcome.problem?.gzip.equals(b.outcome.problem?.gzip ?? Buffer.alloc(0))).toBe(true);
    // Gzip header (RFC 1952): bytes 4..7 are the time stamp, byte 9 the operating system.
    expect([...(a.outcome.problem?.gzip.subarray(4, 8) ?? [])]).toEqual([0, 0, 0, 0]);
    expect(a.outcome.problem?.gzip[9]).toBe(255);
  });

  it('explains a placed loan: value over reservation, switch cost, rank and second-best trade', async () => {
    const price = { ...pairPrice(pts(101), pts(0.25)), buyUpBp: 12_500, retainedExcessBp: -1 };
    const loan = eligibleLoan('L1', {
      currentTradeId: 'T2',
      candidates: [candidate('T2', pts(101.5)), candidate('T1', 0, { price })],
      loan: { funded_date: '2026-11-10', lock_expiration_date: '2026-12-01', pool_name: 'P1' },
    });
    const { outcome } = await run(
      resultsOf([loan], trades),
      { placed: { L1: 'T1' } },
      runInput({ reservation_price: '100.12500000', switch_cost_bp: '2.5000' }),
    );
    // v = 300,000 x (101.25 - 100.125) / 100 = 3,375.00; switch 2.5 bp of 300,000 = 75.00; funded 13 days before as-of.
    expect(rowsOf(outcome.writes, guideTable)).toEqual([
      expect.objectContaining({
        loan_id: 'L1',
        trade_id: 'T1',
        price: pts(101),
        carry: pts(0.25),
        score: pts(101.25),
        value_amount: usd(3_375),
        reservation_price: pts(100.125),
        switch_cost_amount: usd(75),
        buy_up_bp: 12_500,
        days_on_line: 13,
        lock_expiration_date: '2026-12-01',
        pool_name: 'P1',
        trade_rank: 2,
        second_trade_id: 'T2',
        second_score: pts(101.5),
        is_locked: false,
      }),
    ]);
  });

  it('gives an unpriceable locked member the value 0 and no score to compare with', async () => {
    const loan = eligibleLoan('L1', { candidates: [candidate('T1', 0, { locked: true, unpriceable: true })] });
    const { outcome } = await run(
      resultsOf([loan], trades),
      { placed: { L1: 'T1' } },
      runInput({ reservation_price: '99.00000000' }),
    );
    expect(rowsOf(outcome.writes, guideTable)).toEqual([
      expect.objectContaining({ value_amount: 0, is_locked: true, second_trade_id: null, second_score: null }),
    ]);
  });

  it('says why each kickout was turned away', async () => {
    const loans = [
      eligibleLoan('A', {
        candidates: [candidate('T1', pts(101)), candidate('T2', pts(100))],
        closed: true,
        loan: { close_date: '2026-11-20', lock_expiration_date: '2026-11-25' },
        codeCounts: new Map([
          ['TOO_SEASONED', 1],
          ['LIEN', 2],
        ]),
      }),
      eligibleLoan('B', {
        candidates: [],
        furthest: { tradeId: 'T2', code: 'RULE:no_mh' },
        codeCounts: new Map([['RULE:no_mh', 2]]),
      }),
      eligibleLoan('C', { excludedCode: 'HELD', loan: { hold_reason: 'appraisal' } }),
      eligibleLoan('D', { candidates: [candidate('T1', pts(102))] }),
      eligibleLoan('E'),
    ];
    const { outcome } = await run(resultsOf(loans, trades), {
      placed: { D: 'T1' },
      kickouts: { A: ['NO_ROOM', 'T1', -pts(0.125), 'D'] },
    });
    expect(rowsOf(outcome.writes, kickoutTable)).toEqual([
      expect.objectContaining({
        loan_id: 'A',
        code: 'NO_ROOM',
        reason: 'Every trade that takes it is full with loans worth more there. Nearest trade: T1.',
        candidate_count: 2,
        code_counts_json: '{"LIEN":2,"TOO_SEASONED":1}',
        nearest_trade_id: 'T1',
        nearest_score: pts(101),
        reservation_price: 0,
        margin_points: -pts(0.125),
        displaced_by: 'D',
        days_since_close: 3,
        days_to_lock_expiry: 2,
      }),
      expect.objectContaining({
        loan_id: 'B',
        code: 'RULE:no_mh',
        reason: 'Fails the rule no_mh. Got furthest at: T2.',
        nearest_trade_id: 'T2',
        nearest_score: null,
        margin_points: null,
      }),
      expect.objectContaining({
        loan_id: 'C',
        code: 'HELD',
        reason: 'On hold in the loan system: appraisal.',
        nearest_trade_id: null,
      }),
      expect.objectContaining({ loan_id: 'E', code: 'NO_CANDIDATE', candidate_count: 0 }),
    ]);
  });

  it('fills the trades and says how they stand', async () => {
    const loans = [
      eligibleLoan('A', {
        amount: usd(400_000),
        highBalance: true,
        candidates: [candidate('T1', pts(101))],
        loan: { note_rate: pct(6), fico: 700, property_state: 'TX', custody_status: 'certified' },
      }),
      eligibleLoan('B', {
        amount: usd(200_000),
        closed: false,
        candidates: [candidate('T1', pts(101), { locked: true })],
        loan: { note_rate: pct(6.3), fico: 761, property_state: 'CA', pull_through: 7_500, ltv: pct(80) },
      }),
    ];
    const results = resultsOf(loans, trades);
    const { outcome } = await run(results, {
      placed: { A: 'T1', B: 'T1' },
      shadowPrices: { T1: pts(0.0625) },
      changes: {
        limits: [
          {
            id: 'hb@T1',
            kind: 'share',
            tradeIds: ['T1'],
            value: 66_666_667,
            min: null,
            max: 70_000_000,
            shadowPrice: 0,
          },
          { id: 'cap', kind: 'total', tradeIds: ['T1', 'T9'], value: usd(600_000), min: 0, max: null, shadowPrice: 50 },
        ],
      },
    });
    // Rate (400 x 6 + 200 x 6.3) / 600 = 6.1; FICO (400 x 700 + 200 x 761) / 600 = 720.3333; B expected 150,000.
    const t1 = {
      fill_amount: usd(600_000),
      fill_count: 2,
      fill_closed_amount: usd(400_000),
      fill_locked_amount: usd(200_000),
      fill_pull_through_amount: usd(550_000),
      pool_locked_amount: usd(200_000),
      tail_amount: 0,
      wa_note_rate: pct(6.1),
      wa_fico: 7_203_333,
      wa_ltv: pct(80),
      wa_dti: null,
      high_balance_amount: usd(400_000),
      top_state: 'TX',
      top_state_amount: usd(400_000),
      not_certified_amount: usd(200_000),
      status: 'Filled',
      pair_off_cost: 0,
      shadow_price: pts(0.0625),
      limits_json: JSON.stringify([
        {
          limit: 'hb@T1',
          kind: 'share',
          value: '0.66666667',
          min: null,
          max: '0.70000000',
          shadow_price: '0.00000000',
        },
        { limit: 'cap', kind: 'total', value: '600000.00', min: '0.00', max: null, shadow_price: '0.00000050' },
      ]),
    };
    expect(rowsOf(outcome.writes, tradeBaseTable)).toEqual([
      { trade_id: 'T1', ...t1 },
      expect.objectContaining({ trade_id: 'T2', fill_amount: 0, fill_count: 0, status: 'Open', top_state: null }),
    ]);
    expect(results.allocation?.tradeRows.get('T1')).toEqual(t1);
    expect(outcome.writes.find((write) => write.kind === 'update')).toMatchObject({ key: ['trade_id'] });
  });

  it('numbers the loans by class, then value, then id, those without a trade last', async () => {
    const loans = [
      eligibleLoan('A', { candidates: [candidate('T1', pts(101), { priority: 20 })] }),
      eligibleLoan('B', { candidates: [candidate('T1', pts(101), { priority: 10 })] }),
      eligibleLoan('C', { held: { code: 'LOCKED' } }),
      eligibleLoan('D', { candidates: [candidate('T2', pts(102), { priority: 20 })] }),
    ];
    const { outcome } = await run(resultsOf(loans, trades), { placed: { A: 'T1', B: 'T1', D: 'T2' } });
    const rows = rowsOf(outcome.writes, loanOrderingTable) as {
      loan_id: string;
      ordering_no: number;
      outcome: string;
    }[];
    expect(rows.map(({ loan_id, ordering_no, outcome: kind }) => [loan_id, ordering_no, kind])).toEqual([
      ['A', 3, 'placed'],
      ['B', 1, 'placed'],
      ['C', 4, 'held'],
      ['D', 2, 'placed'],
    ]);
  });

  it('hands outcomes and certificate to the later steps', async () => {
    const loans = [
      eligibleLoan('A', { candidates: [candidate('T1', pts(101))] }),
      eligibleLoan('B', { held: { code: 'LOCKED' } }),
      eligibleLoan('C', { furthest: { tradeId: 'T1', code: 'LIEN' } }),
    ];
    const results = resultsOf(loans, trades);
    const { outcome } = await run(results, {
      placed: { A: 'T1' },
      changes: {
        objective: usd(1_000),
        upperBound: usd(1_000.5),
        gap: 50,
        gapMicroBp: 16_667,
        greedyObjective: usd(900),
        classes: [{ priority: 10, value: usd(1_000), upperBound: usd(1_000.5), gap: 50 }],
        orderCost: { low: 0, high: 50 },
        moves: 12,
      },
    });
    expect([...(results.allocation?.outcomes ?? [])]).toEqual([
      ['A', { kind: 'placed', tradeId: 'T1' }],
      ['B', { kind: 'held', code: 'LOCKED' }],
      ['C', { kind: 'kicked_out', code: 'LIEN' }],
    ]);
    expect(results.allocation?.certificate).toEqual({
      objective: '1000.00',
      upper_bound: '1000.50',
      gap_usd: '0.50',
      gap_bp_of_upb: '0.0167',
      greedy_objective: '900.00',
      gain_over_greedy_usd: '100.00',
      classes: [{ priority: 10, objective: '1000.00', upper_bound: '1000.50', gap_usd: '0.50' }],
      order_cost_usd: { low: '0.00', high: '0.50' },
      moves: 12,
      seed: 1,
      effort: 'standard',
      replayable: true,
      audit: 'passed',
    });
    expect(outcome.note).toBe(
      'placed 1 loans ($300000.00), held 1, kicked out 1; objective $1000.00, gap 0.0167 bp of UPB',
    );
  });

  it('sends the pool rules as limits and minimums if used with the trades', async () => {
    const loans = [eligibleLoan('A', { candidates: [candidate('T1', pts(101))] })];
    const few = poolRule('few', { function: 'count', column_name: null, limit_value: 30_000 });
    const { runner } = await run(resultsOf(loans, trades, ['few']), {}, runInput({}, { rules: [few] }));
    expect(runner.problem.limits).toEqual([{ id: 'few', trades: ['T1'], kind: 'count', max: '3', per_trade: true }]);
    expect(runner.problem.trades.find(({ id }) => id === 'T2')?.must_reach).toBe('100000.00');
  });

  it('warns of reservations without a market and of what the solver had to relax', async () => {
    const loans = [eligibleLoan('A', { candidates: [candidate('T1', pts(101))] })];
    const { outcome } = await run(
      resultsOf(loans, trades),
      { changes: { warnings: [{ code: 'locked_overfill', subject: 'T1', message: 'T1 holds too much.' }] } },
      runInput({ reservation_price: 'market' }),
    );
    expect(outcome.warnings).toEqual([
      expect.objectContaining({ code: 'reservation_without_market', count: 1 }),
      { code: 'locked_overfill', message: 'T1 holds too much.' },
    ]);
  });

  it('ends with the reason of an abort, wherever it meets it', async () => {
    const loans = [eligibleLoan('A', { candidates: [candidate('T1', pts(101))] })];
    const reason = new Error('cancelled');
    const controller = new AbortController();
    // Answers later than the compression, which meets the abort first.
    const runner: AllocationRunner = {
      solve: ({ signal }) => {
        controller.abort(reason);
        return new Promise((_, reject) => setTimeout(() => reject(signal.reason as Error), 20));
      },
    };
    await expect(
      new AllocationStep(runner).run(runInput(), resultsOf(loans, trades), idleControl(controller.signal)),
    ).rejects.toBe(reason);
  });

  it('refuses an allocation that places a loan where it may not go', async () => {
    const loans = [eligibleLoan('A', { candidates: [candidate('T1', pts(101))] })];
    await expect(run(resultsOf(loans, trades), { placed: { A: 'T2' } })).rejects.toMatchObject({
      code: 'allocation_mismatch',
    });
  });

  it('refuses an allocation of other loans', async () => {
    const loans = [eligibleLoan('A', { candidates: [candidate('T1', pts(101))] })];
    await expect(run(resultsOf(loans, trades), { changes: { loanCount: 2 } })).rejects.toMatchObject({
      code: 'allocation_mismatch',
    });
  });
});
