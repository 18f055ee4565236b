import { poolLimit } from '../eligibility/constraint-terms';
import type { PoolState } from '../eligibility/pool-book';
import { readLoan } from '../eligibility/rule-columns';
import type { ConstraintRow, TradeRow } from '../entities';
import { tradeRoom } from '../pricing/trade-room';
import { compileRule, foldString, Truth, type PoolLimit } from '../rules';
import { isOpenTo, orNull, type PreflightContext, type ScopedLoan } from './context';
import { finding, type Finding, type Found } from './finding';

/** What is wrong with the pools and what they are locked to. */
export function poolChecks(context: PreflightContext): Finding[] {
  const { input, pools, loans } = context;
  const amounts = new Map<string, number>();
  for (const { loan, amount } of loans) {
    if (loan.pool_name !== null) amounts.set(loan.pool_name, (amounts.get(loan.pool_name) ?? 0) + amount);
  }
  const found = (state: PoolState): Found => ({ id: state.poolName, amount: amounts.get(state.poolName) ?? 0 });
  const open = new Set(
    input.trades.filter(({ status }) => foldString(status) === 'open').map(({ trade_id: id }) => id),
  );
  const states = pools.all();
  return [
    ...finding(
      'pool_designated_twice',
      'Pools are designated to two trades; take one of the designations away.',
      states.filter(({ otherTradeIds }) => otherTradeIds.length > 0).map(found),
    ),
    ...finding(
      'pool_trade_closed',
      'Pools with loans are designated to a trade that is not open; their loans stay where they are.',
      states
        .filter(({ tradeId, poolName }) => tradeId !== null && !open.has(tradeId) && amounts.has(poolName))
        .map(found),
    ),
    ...lockedChecks(context),
  ];
}

/** What locked pools alone put into the trades of the run. */
function lockedChecks(context: PreflightContext): Finding[] {
  const { pools, loans, trades } = context;
  const locked = new Map<string, ScopedLoan[]>();
  for (const scoped of loans) {
    const state = pools.stateOf(scoped.loan.pool_name);
    if (state === null || state.lock === 'N' || state.tradeId === null) continue;
    locked.set(state.tradeId, [...(locked.get(state.tradeId) ?? []), scoped]);
  }
  const over = trades.flatMap((trade) => {
    const amount = sumOf(locked.get(trade.trade_id) ?? []);
    return amount > BigInt(tradeRoom(trade).max) ? [{ id: trade.trade_id, amount: Number(amount) }] : [];
  });
  return [
    ...finding('locked_over_maximum', 'Locked pools alone exceed the maximum of their trade; unlock one.', over),
    ...finding(
      'locked_breaks_limit',
      'Locked loans alone break a limit; unlock a pool or change the rule.',
      brokenLimits(context, locked),
    ),
  ];
}

const sumOf = (loans: readonly ScopedLoan[]): bigint => loans.reduce((sum, { amount }) => sum + BigInt(amount), 0n);

function brokenLimits(context: PreflightContext, locked: ReadonlyMap<string, readonly ScopedLoan[]>): Found[] {
  const { input, trades } = context;
  return input.rules
    .filter(({ kind }) => foldString(kind) === 'pool')
    .flatMap((rule) => {
      const limit = orNull(() => poolLimit(rule));
      if (limit === null) return [];
      const under = trades.filter((trade) =>
        input.constraints.some((row) => isUnder(context, row, trade, rule.rule_name)),
      );
      const groups =
        limit.scope === 'each'
          ? under.map((trade) => ({ id: `${rule.rule_name}@${trade.trade_id}`, trades: [trade] }))
          : [{ id: rule.rule_name, trades: under }];
      return groups.flatMap(({ id, trades: group }) => {
        const members = group.flatMap(({ trade_id: tradeId }) => locked.get(tradeId) ?? []);
        return members.length > 0 && isBroken(limit, members) ? [{ id, amount: Number(sumOf(members)) }] : [];
      });
    });
}

function isUnder({ input }: PreflightContext, row: ConstraintRow, trade: TradeRow, ruleName: string): boolean {
  return (
    isOpenTo(row, trade) &&
    input.constraintRules.some(
      (rel) =>
        rel.rule_name === ruleName &&
        rel.investor_id === row.investor_id &&
        rel.investor_instrument_name === row.investor_instrument_name &&
        rel.constraint_name === row.constraint_name,
    )
  );
}

const UNIT = 100_000_000n;

/** Whether loans break a limit that holds at every moment: a minimum of totals and counts only has to hold at the end. */
function isBroken(limit: PoolLimit, loans: readonly ScopedLoan[]): boolean {
  const test = limit.condition === null ? null : compileRule(limit.condition, readLoan);
  const counted = loans.filter((loan) => test === null || test(loan) === Truth.True);
  const { min, max } = limit.bounds;
  const outside = (value: bigint, whole: bigint): boolean =>
    (max !== null && value > BigInt(max) * whole) || (min !== null && value < BigInt(min) * whole);
  switch (limit.kind) {
    case 'total':
      return max !== null && sumOf(counted) > BigInt(max);
    case 'count':
      return max !== null && counted.length > max;
    case 'share':
      return outside(sumOf(counted) * UNIT, sumOf(loans));
    case 'count_share':
      return outside(BigInt(counted.length) * UNIT, BigInt(loans.length));
    case 'weighted_average': {
      const read = readLoan(limit.attribute);
      const scale = limit.attributeType.kind === 'number' ? limit.attributeType.scale : 2;
      const known = counted.flatMap((loan) => {
        const value = read(loan);
        return typeof value === 'number' ? [{ amount: BigInt(loan.amount), value: BigInt(value) }] : [];
      });
      const whole = known.reduce((sum, { amount }) => sum + amount, 0n);
      const weighted = known.reduce((sum, { amount, value }) => sum + amount * value, 0n);
      return whole > 0n && outside(weighted * 10n ** BigInt(8 - scale), whole);
    }
  }
}
