import type { DollarsByOutcome, FillByTradeType, RunCounts } from '../domain/run-response';
import { divideRounded, decimalText, moneyText } from '../domain/money';
import type { StepResults } from '../steps/step-results';

/** Sums that may pass 2^53 cents are kept in bigint. */
const sum = (amounts: Iterable<number>): bigint => {
  let total = 0n;
  for (const amount of amounts) total += BigInt(amount);
  return total;
};

/** Counts of the run response; null before the allocation. */
export function countsOf(results: StepResults): RunCounts | null {
  const { candidates, allocation, trades } = results;
  if (!candidates || !allocation || !trades) return null;
  const kinds = { placed: 0, held: 0, kicked_out: 0 };
  for (const outcome of allocation.outcomes.values()) kinds[outcome.kind] += 1;
  return { loans: candidates.loans.length, trades: trades.length, ...kinds };
}

/** Dollars by outcome; null before the allocation. */
export function dollarsOf(results: StepResults): DollarsByOutcome | null {
  const { candidates, allocation } = results;
  if (!candidates || !allocation) return null;
  const dollars = { eligible: 0n, placed: 0n, held: 0n, kicked_out: 0n };
  for (const { loan, amount } of candidates.loans) {
    const cents = BigInt(amount);
    const outcome = allocation.outcomes.get(loan.loan_id);
    dollars.eligible += cents;
    if (outcome !== undefined) dollars[outcome.kind] += cents;
  }
  const outOfScope = sum(candidates.outOfScope.map((loan) => loan.amount));
  return {
    pipeline: moneyText(dollars.eligible + outOfScope),
    out_of_scope: moneyText(outOfScope),
    eligible: moneyText(dollars.eligible),
    placed: moneyText(dollars.placed),
    held: moneyText(dollars.held),
    kicked_out: moneyText(dollars.kicked_out),
  };
}

/** Fill of the trades by trade type, in the order mbs, wl, be; null before the allocation. */
export function fillsOf(results: StepResults): readonly FillByTradeType[] | null {
  const { trades, allocation } = results;
  if (!trades || !allocation) return null;
  const types = ['mbs', 'wl', 'be'].filter((type) => trades.some(({ trade }) => trade.trade_type === type));
  return types.map((type) => {
    const own = trades.filter(({ trade }) => trade.trade_type === type);
    const target = sum(own.map((trade) => trade.target));
    const fill = sum(own.map(({ trade }) => allocation.tradeRows.get(trade.trade_id)?.fill_amount ?? 0));
    const percent = target === 0n ? null : decimalText(divideRounded(fill * 10_000n, target), 2);
    return { trade_type: type, trades: own.length, target: moneyText(target), fill: moneyText(fill), percent };
  });
}
