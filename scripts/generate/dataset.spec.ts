import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LoanRow, TradeRow } from '@powerfill/core/entities';
import { SAMPLE_OPTIONS, generateDataset, type Dataset } from './dataset';
import { DEFECT_COUNTS } from './defects';
import { loanLimitRows } from './geography';
import { INSTRUMENTS } from './instruments';
import { amountOf, isClosed, isInScope } from './loans';
import { securityPrice } from './market';
import { AS_OF, SAMPLE_CALENDAR } from './sample-calendar';
import { csvChunks } from './write-csv';

const sample = generateDataset(SAMPLE_OPTIONS);
const scopeLoans = sample.loans.filter(isInScope);
const pooled = sample.loans.filter((loan) => loan.pool_name !== null);

const millionsOf = (loans: readonly LoanRow[]) => loans.reduce((sum, loan) => sum + amountOf(loan), 0) / 100_000_000;
const sizes = (trades: readonly TradeRow[]) => trades.map((trade) => trade.trade_amount / 100_000_000);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const where = (instrument: string, delivery: string) =>
  sample.trades.filter((trade) => trade.investor_instrument_name === instrument && trade.delivery_type === delivery);
const quantile = (values: readonly number[], permille: number) =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length * permille) / 1000)] ?? Number.NaN;

describe('the pipeline of the sample', () => {
  it('has 2,500 loans of about $811 MM', () => {
    expect(sample.loans).toHaveLength(2500);
    expect(Math.abs(millionsOf(sample.loans) - 811)).toBeLessThan(2);
  });

  it('has 900 closed, 1,475 locked and 125 gone loans', () => {
    const closed = sample.loans.filter(isClosed).length;
    expect([closed, scopeLoans.length - closed, sample.loans.length - scopeLoans.length]).toEqual([900, 1475, 125]);
  });

  it('keeps the product mix of 62, 7, 20, 9 and 2 percent', () => {
    const count = (fits: (loan: LoanRow) => boolean) => sample.loans.filter(fits).length;
    expect(count((loan) => loan.product === 'conv30')).toBe(1550);
    expect(count((loan) => loan.agency_type === 'conventional')).toBe(1550 + 175);
    expect(count((loan) => loan.agency_type === 'fha')).toBe(500);
    expect(count((loan) => loan.agency_type === 'va')).toBe(225);
    expect(count((loan) => loan.agency_type === 'usda')).toBe(50);
  });

  it('stays near the measured note rates, scores and balances', () => {
    const rates = sample.loans.map((loan) => loan.note_rate);
    const onEighth = rates.filter((rate) => rate % 125_000 === 0).length / rates.length;
    expect(onEighth).toBeGreaterThan(0.73);
    expect(onEighth).toBeLessThan(0.79);
    const conventional = sample.loans.filter((loan) => loan.agency_type === 'conventional' && loan.fico !== null);
    const scores = conventional.map((loan) => loan.fico ?? 0);
    expect(Math.abs(quantile(scores, 500) - 757)).toBeLessThan(8);
    expect(Math.abs(quantile(scores, 100) - 687)).toBeLessThan(10);
    const amounts = sample.loans.map((loan) => (loan.orig_loan_amount ?? 0) / 100);
    expect(Math.abs(quantile(amounts, 500) - 296_000)).toBeLessThan(20_000);
    expect(quantile(amounts, 900)).toBeGreaterThan(500_000);
  });

  it('gives locked loans a pull-through of 0.60 to 0.95 and closed ones 1', () => {
    const locked = scopeLoans.filter((loan) => !isClosed(loan)).map((loan) => loan.pull_through ?? 0);
    expect(Math.min(...locked)).toBeGreaterThanOrEqual(6000);
    expect(Math.max(...locked)).toBeLessThanOrEqual(9500);
    expect(new Set(scopeLoans.filter(isClosed).map((loan) => loan.pull_through))).toEqual(new Set([10_000]));
  });

  it('keeps each loan in a possible order of dates', () => {
    for (const loan of sample.loans) {
      expect(loan.lock_date !== null && loan.lock_date <= AS_OF).toBe(true);
      if (loan.close_date === null) continue;
      expect(loan.close_date <= AS_OF).toBe(true);
      expect((loan.lock_date ?? '') <= loan.close_date).toBe(true);
      expect((loan.funded_date ?? '') >= loan.close_date).toBe(true);
      expect((loan.first_payment_date ?? '') > loan.close_date).toBe(true);
      expect((loan.next_due_date ?? '') >= (loan.first_payment_date ?? '')).toBe(true);
    }
  });

  it('seeds every defect in its number', () => {
    const count = (fits: (loan: LoanRow) => boolean) => scopeLoans.filter(fits).length;
    expect(count((loan) => loan.next_due_date !== null && loan.next_due_date < '2026-11-01')).toBe(
      DEFECT_COUNTS.delinquent,
    );
    expect(count((loan) => loan.custody_status === 'exception')).toBe(DEFECT_COUNTS.notCertified);
    expect(count((loan) => loan.hold_reason !== null)).toBe(DEFECT_COUNTS.held);
    expect(count((loan) => loan.first_payment_date === '2025-07-01')).toBe(DEFECT_COUNTS.seasoned);
    expect(count((loan) => loan.fico === null)).toBe(DEFECT_COUNTS.withoutFico);
    expect(count((loan) => loan.aus_eligible !== 'both')).toBe(DEFECT_COUNTS.oneAgency);
    expect(count((loan) => wrongHighBalanceFlag(loan))).toBe(DEFECT_COUNTS.highBalanceFlag);
  });
});

/** Recomputed from the table of limits: the nation's row unless the loan's county or state has its own. */
function wrongHighBalanceFlag(loan: LoanRow): boolean {
  const limits = loanLimitRows().filter((limit) => limit.units === loan.units);
  const own =
    limits.find((limit) => limit.state === loan.property_state && limit.county === loan.property_county) ??
    limits.find((limit) => limit.state === loan.property_state && limit.county === '') ??
    limits.find((limit) => limit.state === '*');
  const isHigh = (loan.orig_loan_amount ?? 0) > (own?.base_limit ?? 0);
  return isHigh !== (loan.high_balance_indicator === 'Y');
}

describe('the trades of the sample', () => {
  it('are the groups of the specification in number and dollars', () => {
    // UMBS 30: 35 + 130 + 120 + 20 = 305; UMBS 15: 8 + 22 + 10 = 40; Ginnie: 20 + 110 + 75 + 10 = 215; stipulated 36.
    expect([where('UMBS30', 'tba').length, sum(sizes(where('UMBS30', 'tba')))]).toEqual([19, 305]);
    expect([where('UMBS15', 'tba').length, sum(sizes(where('UMBS15', 'tba')))]).toEqual([4, 40]);
    expect([where('GNII30', 'tba').length, sum(sizes(where('GNII30', 'tba')))]).toEqual([9, 215]);
    expect([where('UMBS30', 'stip').length, sum(sizes(where('UMBS30', 'stip')))]).toEqual([8, 36]);
    const cash = sample.trades.filter((trade) => trade.trade_type === 'wl' && trade.delivery_type === 'cash');
    expect(cash).toHaveLength(12);
    expect(sum(cash.map((trade) => trade.trade_amount))).toBe(3_800_000_000);
    expect(cash.map((trade) => trade.trade_amount)).toContain(403_725_000);
    expect(sizes(where('SUMMIT30-BULK', 'bulk'))).toEqual([30, 20]);
    expect(sample.trades).toHaveLength(60);
  });

  it('hold about $700 MM, 91 percent of what is in scope', () => {
    const book = sum(sizes(sample.trades));
    expect(Math.abs(book - 700)).toBeLessThan(2);
    expect(Math.abs(book / millionsOf(scopeLoans) - 0.91)).toBeLessThan(0.01);
  });

  it('have the tolerances of their groups', () => {
    const tolerances = (instrument: string, delivery: string) =>
      [...new Set(where(instrument, delivery).map((trade) => trade.tolerance))].sort();
    expect(tolerances('UMBS30', 'tba')).toEqual([10_000]);
    expect(tolerances('UMBS30', 'stip')).toEqual([2_500_000]);
    expect(tolerances('FNMA30-CASH', 'cash')).toEqual([2_500_000]);
    expect(where('FNMA30-CASH', 'cash').every((trade) => trade.tolerance_min_amount === 1_000_000)).toBe(true);
    expect(tolerances('SUMMIT30-BULK', 'bulk')).toEqual([1_000_000, 2_000_000]);
  });

  it('are priced at the market of their trade date, about 55 percent of them in the money', () => {
    const securities = sample.trades.filter((trade) => trade.trade_type === 'mbs');
    const moves = securities.map((trade) => {
      const month = trade.settlement_date.slice(0, 7) as '2026-12';
      return (trade.price ?? 0) - securityPrice(trade.investor_instrument_name, trade.coupon ?? 0, month);
    });
    const inTheMoney = moves.filter((move) => move > 0).length / moves.length;
    expect(inTheMoney).toBeGreaterThan(0.48);
    expect(inTheMoney).toBeLessThan(0.62);
    const mean = sum(moves) / moves.length;
    const deviation = Math.sqrt(sum(moves.map((move) => (move - mean) ** 2)) / moves.length);
    expect(deviation).toBeGreaterThan(0.38e8);
    expect(deviation).toBeLessThan(0.52e8);
  });

  it('include six that are part delivered and two part paired off', () => {
    expect(sample.trades.filter((trade) => (trade.delivered_amount ?? 0) > 0)).toHaveLength(6);
    expect(sample.trades.filter((trade) => (trade.paired_off_amount ?? 0) > 0)).toHaveLength(2);
  });

  it('were made 1 to 45 days ago and settle on business days of three months', () => {
    for (const trade of sample.trades) {
      expect((trade.trade_date ?? '') >= '2026-10-08' && (trade.trade_date ?? '') < AS_OF).toBe(true);
      expect(SAMPLE_CALENDAR.isBusinessDay(trade.settlement_date)).toBe(true);
    }
    const months = new Set(sample.trades.map((trade) => trade.settlement_date.slice(0, 7)));
    expect([...months].sort()).toEqual(['2026-12', '2027-01', '2027-02']);
  });

  it('lose 5/32 and 4/32 by settling a month later, and gain in the inverted 6.5', () => {
    // 5.5: 101-13 (101.40625), 5/32 less is 101.25, another 4/32 less 101.125. 6.5: 102.953125, 1/32 more 102.984375.
    const quote = (coupon: number, month: '2026-12' | '2027-01' | '2027-02') => securityPrice('UMBS30', coupon, month);
    expect(quote(5_500_000, '2026-12')).toBe(10_140_625_000);
    expect(quote(5_500_000, '2027-01')).toBe(10_125_000_000);
    expect(quote(5_500_000, '2027-02')).toBe(10_112_500_000);
    expect(quote(6_500_000, '2027-01')).toBe(10_298_437_500);
  });

  it('register about fifty loans for best efforts, whose amounts they are', () => {
    const registered = sample.loans.filter((loan) => loan.be_trade_id !== null);
    expect(Math.abs(registered.length - 50)).toBeLessThanOrEqual(8);
    for (const trade of sample.trades.filter(({ trade_type: type }) => type === 'be')) {
      const own = registered.filter((loan) => loan.be_trade_id === trade.trade_id);
      expect(sum(own.map(amountOf))).toBe(trade.trade_amount);
    }
  });
});

describe('the pools of the sample', () => {
  const names = (lock: 'Y' | 'O') =>
    sample.lockdown.filter(({ lock_pool: own }) => own === lock).map((row) => row.pool_name);

  it('are 22 with about 640 loans and $205 MM, 18 of them designated', () => {
    expect(sample.pools).toHaveLength(22);
    expect(Math.abs(pooled.length - 640)).toBeLessThan(25);
    expect(Math.abs(millionsOf(pooled) - 205)).toBeLessThan(5);
    expect(sample.tradePools).toHaveLength(18);
    const trades = sample.tradePools.map(({ trade_id: id }) => id);
    expect(new Set(trades).size).toBe(16);
  });

  it('are locked by upstream twice and by the desk twice, and one may only grow', () => {
    expect(sample.pools.filter(({ status }) => status !== 'open')).toHaveLength(2);
    expect([names('Y').length, names('O').length]).toEqual([2, 1]);
  });

  it('include a small one, an off-coupon loan and a delinquent loan in a locked one', () => {
    const dollarsOf = (pool: string) => millionsOf(pooled.filter((loan) => loan.pool_name === pool));
    const smallest = Math.min(...sample.pools.map(({ pool_name: name }) => dollarsOf(name)));
    expect(smallest).toBeGreaterThan(0.5);
    expect(smallest).toBeLessThan(0.8);
    const coupons = new Map(sample.pools.map((pool) => [pool.pool_name, pool.coupon ?? 0]));
    const offCoupon = pooled.filter((loan) => {
      const spread = loan.note_rate - (coupons.get(loan.pool_name ?? '') ?? 0);
      return spread < 250_000 || spread > 1_125_000;
    });
    expect(offCoupon).toHaveLength(1);
    const locked = new Set([
      ...names('Y'),
      ...sample.pools.filter(({ status }) => status !== 'open').map((pool) => pool.pool_name),
    ]);
    const late = pooled.filter((loan) => locked.has(loan.pool_name ?? '') && (loan.next_due_date ?? '') < '2026-11-01');
    expect(late).toHaveLength(1);
  });
});

describe('samples/', () => {
  it('holds what the generator writes, byte for byte', () => {
    const folder = join(__dirname, '..', '..', 'samples');
    const files = readdirSync(folder).filter((name) => name.endsWith('.csv'));
    expect(files.sort()).toEqual(sample.all.map(({ table }) => `${table.name}.csv`).sort());
    for (const { table, rows } of sample.all) {
      const written = readFileSync(join(folder, `${table.name}.csv`), 'utf8');
      // Compared as a truth value: a difference of half a megabyte is no message.
      expect([table.name, written === [...csvChunks(table, rows)].join('')]).toEqual([table.name, true]);
    }
  });
});

describe('a generated data set', () => {
  const keysOf = (rows: readonly object[], column: string) =>
    new Set(rows.map((row) => (row as Record<string, unknown>)[column]).filter((value) => value !== null));

  function expectReferences(dataset: Dataset): void {
    const rows = (table: string) => dataset.all.find((one) => one.table.name === table)?.rows ?? [];
    const contains = (table: string, column: string, target: string, targetColumn = column) => {
      const known = keysOf(rows(target), targetColumn);
      expect([...keysOf(rows(table), column)].filter((key) => key !== '*' && !known.has(key))).toEqual([]);
    };
    contains('loan', 'pool_name', 'pscat_pools');
    contains('loan', 'be_trade_id', 'pscat_trades', 'trade_id');
    contains('loan', 'stage', 'pscat_loan_stages');
    contains('pscat_trade_cash_grid', 'trade_id', 'pscat_trades');
    contains('pscat_trades_pools_relation', 'trade_id', 'pscat_trades');
    contains('pscat_trades_pools_relation', 'pool_name', 'pscat_pools');
    contains('pfill_lockdown_guide', 'pool_name', 'pscat_pools');
    contains('pfill_constraint_sec_rule_rel', 'rule_name', 'pscat_securitization_rules');
    contains('pfill_constraint_sec_rule_rel', 'constraint_name', 'pfill_constraints');
    for (const table of ['pscat_trades', 'pscat_pools', 'pscat_bubd_grid', 'rmusr_payups', 'rmusr_market_prices']) {
      contains(table, 'investor_instrument_name', 'pscat_instruments');
    }
    for (const table of ['pfill_constraints', 'pfill_carry_cost', 'rmusr_price_adjustments']) {
      contains(table, 'investor_instrument_name', 'pscat_instruments');
    }
    const grids = keysOf(dataset.cashGrid, 'trade_id');
    const byRate = dataset.trades.filter((trade) => trade.trade_type !== 'mbs').map((trade) => trade.trade_id);
    expect(byRate.filter((id) => !grids.has(id))).toEqual([]);
    const stories = keysOf(rows('rmusr_payups'), 'story');
    expect(dataset.trades.filter((trade) => trade.story !== null && !stories.has(trade.story))).toEqual([]);
  }

  it('resolves every reference and repeats no key', () => {
    for (const options of [
      SAMPLE_OPTIONS,
      { loans: 400, trades: 17, seed: 9 },
      { loans: 3000, trades: 130, seed: 4 },
    ]) {
      const dataset = generateDataset(options);
      expect(dataset.loans).toHaveLength(options.loans);
      expect(dataset.trades).toHaveLength(options.trades);
      expectReferences(dataset);
      for (const { table, rows } of dataset.all) {
        const keys = rows.map((row) =>
          table.primaryKey.map((name) => String((row as Record<string, unknown>)[name])).join('|'),
        );
        expect(new Set(keys).size).toBe(keys.length);
      }
    }
  });

  it('is the same byte for byte for the same seed, and another for another', () => {
    const text = (seed: number) =>
      generateDataset({ loans: 300, trades: 60, seed })
        .all.map(({ table, rows }) => [...csvChunks(table, rows)].join(''))
        .join('\n');
    expect(text(5)).toBe(text(5));
    expect(text(5)).not.toBe(text(6));
  });

  it('has a constraint for every instrument that a trade sells', () => {
    const constrained = keysOf(
      sample.all.find(({ table }) => table.name === 'pfill_constraints')?.rows ?? [],
      'investor_instrument_name',
    );
    expect(sample.trades.filter((trade) => !constrained.has(trade.investor_instrument_name))).toEqual([]);
    expect(new Set(INSTRUMENTS.map((row) => row.investor_instrument_name))).toEqual(constrained);
  });
});
