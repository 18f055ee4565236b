import fc from 'fast-check';
import { guideTable, poolGuideTable } from '../entities';
import {
  candidate,
  eligibleLoan,
  idleControl,
  loanRow,
  pct,
  poolRow,
  pricedTrade,
  pts,
  rowsOf,
  runInput,
  usd,
} from './allocation/step-fixtures';
import { PoolGuideStep } from './pool-guide.step';
import { type RunInput } from './run-input';
import { type CandidateSet, type EligibleLoan, type LoanOutcome, type StepResults } from './step-results';

const placed = (tradeId: string): LoanOutcome => ({ kind: 'placed', tradeId });
const kickedOut: LoanOutcome = { kind: 'kicked_out', code: 'NO_ROOM' };
const held: LoanOutcome = { kind: 'held', code: 'POOL_TRADE_NOT_IN_RUN' };

/** A loan of $100,000 unless said, with its pool and outcome. */
type Fate = readonly [loanId: string, pool: string | null, outcome: LoanOutcome, dollars?: number];

function resultsOf(
  fates: readonly Fate[],
  tradeIds: readonly string[],
  outOfScope: CandidateSet['outOfScope'] = [],
): StepResults {
  const loans: EligibleLoan[] = fates.map(([id, pool, , dollars = 100_000]) =>
    eligibleLoan(id, {
      amount: usd(dollars),
      candidates: [candidate('T1', pts(101))],
      loan: { pool_name: pool },
    }),
  );
  return {
    trades: tradeIds.map((id) => pricedTrade(id, { target: usd(1_000_000) })),
    candidates: { loans, outOfScope, poolRules: [] },
    allocation: {
      outcomes: new Map(fates.map(([id, , outcome]) => [id, outcome])),
      tradeRows: new Map(),
      reservations: new Map(),
      certificate: {} as never,
    },
  };
}

interface Row {
  pool_name: string;
  loan_id: string;
  action: string;
  trade_id: string | null;
  other_pool_name: string | null;
  other_trade_id: string | null;
  pool_kind: string;
  outcome: string;
  code: string | null;
  amount: number;
}

async function guide(
  results: StepResults,
  tables: Partial<RunInput>,
): Promise<{ rows: Row[]; guideRows: readonly object[] }> {
  const outcome = await new PoolGuideStep().run(runInput({}, tables), results, idleControl());
  return { rows: rowsOf(outcome.writes, poolGuideTable) as Row[], guideRows: rowsOf(outcome.writes, guideTable) };
}

const brief = (rows: readonly Row[]): string[] =>
  rows.map((row) => `${row.pool_name} ${row.loan_id} ${row.action} ${row.trade_id ?? '-'} ${row.pool_kind}`);

describe('PoolGuideStep', () => {
  const pools = [poolRow('P1'), poolRow('P2')];
  const tradePools = [
    { trade_id: 'T1', pool_name: 'P1' },
    { trade_id: 'T2', pool_name: 'P2' },
  ];

  it('tells the five actions apart', async () => {
    const results = resultsOf(
      [
        ['A', 'P1', placed('T1')],
        ['B', 'P1', placed('T2')],
        ['C', 'P1', kickedOut],
        ['D', null, placed('T1')],
        ['E', null, kickedOut],
        ['F', 'P2', held],
      ],
      ['T1', 'T2'],
      [{ loan: loanRow('G', { pool_name: 'P2' }), amount: usd(50_000), code: 'OUT_OF_SCOPE' }],
    );
    const { rows, guideRows } = await guide(results, { pools, tradePools });
    expect(brief(rows)).toEqual([
      'P1 A Remaining T1 existing',
      'P1 B Switching T1 existing',
      'P1 C Leaving T1 existing',
      'P1 D Joining T1 existing',
      'P2 B Swapped In T2 existing',
      'P2 F Remaining T2 existing',
      'P2 G Leaving T2 existing',
    ]);
    expect(rows[1]).toMatchObject({ other_pool_name: 'P2', other_trade_id: 'T2', outcome: 'placed', code: null });
    expect(rows[4]).toMatchObject({ other_pool_name: 'P1', other_trade_id: 'T1' });
    expect(rows[2]).toMatchObject({ outcome: 'kicked_out', code: 'NO_ROOM' });
    expect(rows[6]).toMatchObject({ outcome: 'out_of_scope', code: 'OUT_OF_SCOPE', amount: usd(50_000) });
    expect(guideRows).toEqual([
      { loan_id: 'A', pool_name: 'P1', recommended_pool: 'P1', pool_action: 'Remaining' },
      { loan_id: 'B', pool_name: 'P1', recommended_pool: 'P2', pool_action: 'Switching' },
      { loan_id: 'D', pool_name: null, recommended_pool: 'P1', pool_action: 'Joining' },
    ]);
  });

  it('keeps the members of locked pools and lets only a pool locked "O" grow', async () => {
    const results = resultsOf(
      [
        ['A', 'P1', kickedOut],
        ['B', 'P2', placed('T2')],
        ['C', null, placed('T1')],
        ['D', null, placed('T2')],
      ],
      ['T1', 'T2'],
    );
    const { rows } = await guide(results, {
      pools: [poolRow('P1', { status: 'submitted' }), poolRow('P2')],
      tradePools,
      lockdown: [{ pool_name: 'P2', trade_id: 'T2', lock_pool: 'O', source: 'user' }],
    });
    expect(brief(rows)).toEqual([
      'N-T1 C Joining T1 new',
      'P1 A Remaining T1 existing',
      'P2 B Remaining T2 existing',
      'P2 D Joining T2 existing',
    ]);
  });

  it('recommends the largest designated pool of the same instrument and coupon', async () => {
    const results = resultsOf(
      [
        ['A', 'P1', placed('T1'), 100_000],
        ['B', 'P2', placed('T1'), 100_001],
        ['C', 'P3', placed('T1'), 900_000],
        ['D', 'P4', placed('T1'), 900_000],
        ['E', null, placed('T1')],
      ],
      ['T1'],
    );
    const { rows } = await guide(results, {
      pools: [...pools, poolRow('P3', { coupon: pct(6) }), poolRow('P4', { investor_instrument_name: 'GNII30' })],
      tradePools: ['P1', 'P2', 'P3', 'P4'].map((pool_name) => ({ trade_id: 'T1', pool_name })),
    });
    // P3 and P4 are larger but of another coupon or instrument; P2 beats P1 by a dollar. All members stay.
    expect(brief(rows).filter((row) => row.includes('Joining'))).toEqual(['P2 E Joining T1 existing']);
    expect(rows.filter(({ action }) => action === 'Remaining')).toHaveLength(4);
  });

  it('redesignates an undesignated pool most of whose dollars the trade got', async () => {
    const results = resultsOf(
      [
        ['A', 'P1', placed('T1'), 100_000.01],
        ['B', 'P1', kickedOut, 100_000],
        ['C', null, placed('T1')],
      ],
      ['T1'],
    );
    const { rows } = await guide(results, { pools });
    // T1 got 100,000.01 of 200,000.01, a cent more than half.
    expect(brief(rows)).toEqual([
      'P1 A Remaining T1 redesignated',
      'P1 B Leaving T1 redesignated',
      'P1 C Joining T1 redesignated',
    ]);
  });

  it('makes a new pool when exactly half of an undesignated one goes to the trade', async () => {
    const results = resultsOf(
      [
        ['A', 'P1', placed('T1')],
        ['B', 'P1', kickedOut],
      ],
      ['T1'],
    );
    const { rows } = await guide(results, { pools });
    expect(brief(rows)).toEqual(['N-T1 A Swapped In T1 new', 'P1 A Switching - existing', 'P1 B Leaving - existing']);
  });

  it('prefers a designated pool to redesignating another', async () => {
    const results = resultsOf([['A', 'P2', placed('T1')]], ['T1']);
    const { rows } = await guide(results, { pools, tradePools: [{ trade_id: 'T1', pool_name: 'P1' }] });
    expect(brief(rows)).toEqual(['P1 A Swapped In T1 existing', 'P2 A Switching - existing']);
  });

  it('numbers a new pool whose name is taken', async () => {
    const results = resultsOf([['A', null, placed('T1')]], ['T1']);
    const taken = [poolRow('N-T1', { coupon: pct(6) }), poolRow('N-T1-2', { status: 'issued' })];
    const { rows } = await guide(results, { pools: taken });
    expect(brief(rows)).toEqual(['N-T1-3 A Joining T1 new']);
  });

  it('balances every pool whatever happens to its loans', async () => {
    const poolNames = ['P1', 'P2', 'P3', 'P4', null];
    const fate = fc.record({
      pool: fc.constantFrom(...poolNames),
      outcome: fc.constantFrom<LoanOutcome>(placed('T1'), placed('T2'), placed('T3'), kickedOut, held),
      dollars: fc.integer({ min: 1, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fate, { maxLength: 12 }),
        fc.array(fc.constantFrom('T1', 'T2', null), { minLength: 4, maxLength: 4 }),
        async (fates, designations) => {
          const results = resultsOf(
            fates.map(({ pool, outcome, dollars }, n) => [`L${String(n).padStart(2, '0')}`, pool, outcome, dollars]),
            ['T1', 'T2', 'T3'],
          );
          const { rows } = await guide(results, {
            pools: ['P1', 'P2', 'P3', 'P4'].map((name) => poolRow(name)),
            tradePools: designations.flatMap((trade_id, n) =>
              trade_id === null ? [] : [{ trade_id, pool_name: `P${n + 1}` }],
            ),
          });
          const total = (actions: readonly string[]): number =>
            rows.filter(({ action }) => actions.includes(action)).reduce((sum, { amount }) => sum + amount, 0);
          const pooled = fates.filter(({ pool }) => pool !== null);
          // Each pooled loan has one row on its pool's side, each placed loan outside a pool one, each switch two.
          expect(total(['Remaining', 'Switching', 'Leaving'])).toBe(
            pooled.reduce((sum, { dollars }) => sum + usd(dollars), 0),
          );
          expect(total(['Switching'])).toBe(total(['Swapped In']));
          expect(new Set(rows.map(({ pool_name, loan_id }) => `${pool_name} ${loan_id}`)).size).toBe(rows.length);
          // All placed dollars end in a pool of their trade.
          for (const tradeId of ['T1', 'T2', 'T3']) {
            const stays = rows.filter(
              (row) => row.trade_id === tradeId && row.outcome === 'placed' && row.action !== 'Switching',
            );
            const given = fates.filter(({ outcome }) => outcome.kind === 'placed' && outcome.tradeId === tradeId);
            expect(stays.reduce((sum, { amount }) => sum + amount, 0)).toBe(
              given.reduce((sum, { dollars }) => sum + usd(dollars), 0),
            );
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
