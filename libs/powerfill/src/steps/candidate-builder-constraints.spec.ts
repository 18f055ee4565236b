import {
  attach,
  build,
  buildLoan,
  constraint,
  desk,
  fate,
  loan,
  loanRule,
  pct,
  trade,
  usd,
} from './candidate-builder-fixtures';

const pool = { pool_name: 'P1', investor_instrument_name: 'UMBS30', coupon: pct(5.5), status: 'open' };

describe('constraints of a pair', () => {
  const rules = [loanRule('low', 'loan_amount <= 100000'), loanRule('good', 'fico >= 700')];
  const first = constraint({ constraint_name: 'first', constraint_priority: 10 });
  const second = constraint({ constraint_name: 'second', constraint_priority: 20 });

  it('is the lowest priority number that passes band and rules', async () => {
    const eligible = await buildLoan({
      constraints: [second, first],
      rules,
      constraintRules: [attach('low', first), attach('good', second)],
    });
    expect(eligible.candidates[0]?.constraint).toEqual({
      investorId: 'UMBS',
      instrumentName: 'UMBS30',
      name: 'second',
      priority: 20,
    });
  });

  it('is the first by name among equals', async () => {
    const twin = { ...first, constraint_name: 'earlier' };
    expect((await buildLoan({ constraints: [first, twin] })).candidates[0]?.constraint.name).toBe('earlier');
  });

  it('reports the furthest code when none passes', async () => {
    // The first stops at its amount band, the second gets on to its rule.
    const narrow = { ...first, hi_limit: usd(1) };
    const tables = { constraints: [narrow, second], rules, constraintRules: [attach('low', second)] };
    expect(await fate(tables)).toBe('RULE:low');
    // With the story between band and rules failing, no rule is reached.
    expect(await fate({ ...tables, trades: [trade({ story: 'LLB999' })] })).toBe('STORY_NOT_MET');
  });

  it('reports the first constraint among those that got equally far', async () => {
    const low = [loanRule('low', 'loan_amount <= 100000'), loanRule('great', 'fico >= 800')];
    const attached = [attach('great', first), attach('low', second)];
    expect(await fate({ constraints: [second, first], rules: low, constraintRules: attached })).toBe('RULE:great');
  });

  it('names the trade where the loan got furthest, and counts every code', async () => {
    const trades = [
      trade({ trade_id: 'A', investor_id: 'X' }),
      trade({ trade_id: 'B', coupon: pct(7) }),
      trade({ trade_id: 'C', coupon: pct(7.5) }),
    ];
    const eligible = await buildLoan({ trades });
    expect(eligible.furthest).toEqual({ tradeId: 'B', code: 'RATE_OUT_OF_BAND' });
    expect([...eligible.codeCounts]).toEqual([
      ['NO_CONSTRAINT', 1],
      ['RATE_OUT_OF_BAND', 2],
    ]);
  });
});

describe('locked pools', () => {
  const pools = [{ ...pool, status: 'issued' }];
  const tradePools = [{ trade_id: 'T1', pool_name: 'P1' }];
  const trades = [trade(), trade({ trade_id: 'T2' })];

  it('keeps a member at its trade and turns failures into warnings, in check order', async () => {
    const member = loan({ pool_name: 'P1', lien: 2, note_rate: pct(7) });
    const eligible = await buildLoan({ loans: [member], pools, tradePools, trades });
    expect(eligible.candidates.map(({ tradeId, locked, warnings }) => [tradeId, locked, warnings])).toEqual([
      ['T1', true, ['LIEN', 'RATE_OUT_OF_BAND']],
    ]);
    expect(eligible.furthest).toEqual({ tradeId: 'T2', code: 'LOCKED' });
    expect([eligible.poolLock, eligible.currentTradeId]).toEqual(['Y', 'T1']);
  });

  it('says that a member has no price', async () => {
    const eligible = await buildLoan({
      loans: [loan({ pool_name: 'P1' })],
      pools,
      tradePools,
      trades: [trade({ price: null })],
    });
    expect(eligible.candidates[0]).toMatchObject({
      unpriceable: true,
      warnings: ['NO_PRICE'],
      price: { price: 0, score: 0 },
    });
  });

  it('gives a member of a trade without constraint the last class', async () => {
    const eligible = await buildLoan({ loans: [loan({ pool_name: 'P1' })], pools, tradePools, constraints: [] });
    expect(eligible.candidates[0]).toMatchObject({
      constraint: { name: '(none)', priority: 2_147_483_647 },
      warnings: ['NO_CONSTRAINT'],
    });
  });

  it("lets a user row decide over the pool's status", async () => {
    const lockdown = [{ pool_name: 'P1', trade_id: null, lock_pool: 'N', source: 'user' }];
    const eligible = await buildLoan({ loans: [loan({ pool_name: 'P1' })], pools, tradePools, trades, lockdown });
    expect(eligible.candidates.map(({ tradeId }) => tradeId)).toEqual(['T1', 'T2']);
  });

  it('still kicks out a member on manual hold', async () => {
    const built = await build(desk({ loans: [loan({ pool_name: 'P1', hold_reason: 'QC' })], pools, tradePools }));
    expect(built.candidates.loans[0]).toMatchObject({ excludedCode: 'HELD', held: null, candidates: [] });
    expect(built.outcomes[2].warnings.map(({ code }) => code)).toContain('hold_in_locked_pool');
  });
});
