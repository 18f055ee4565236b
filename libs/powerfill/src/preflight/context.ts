import type { SettingName } from '../configuration/setting-definitions';
import { isClosed, loanAmount } from '../eligibility/loan-facts';
import { LoanLimitBook } from '../eligibility/loan-limits';
import { PoolBook } from '../eligibility/pool-book';
import { readTrade, TRADE_RULE_COLUMNS } from '../eligibility/rule-columns';
import { ScopeChecks } from '../eligibility/scope-checks';
import type { ConstraintRow, InstrumentRow, LoanRow, TradeRow } from '../entities';
import { tradesInRun } from '../pricing/trades-in-run';
import { compileRule, parseRule, RuleError, Truth } from '../rules';
import type { RunInput } from '../steps/run-input';

/** A loan that a run would take up. */
export interface ScopedLoan {
  readonly loan: LoanRow;
  /** Cents. */
  readonly amount: number;
  readonly closed: boolean;
  /** By the loan limits. */
  readonly highBalance: boolean;
}

/** What the checks look at. */
export interface PreflightContext {
  readonly input: RunInput;
  /** Settings in force, decimal text. */
  readonly settings: Readonly<Record<SettingName, string>>;
  readonly trades: readonly TradeRow[];
  readonly loans: readonly ScopedLoan[];
  readonly instruments: ReadonlyMap<string, InstrumentRow>;
  readonly pools: PoolBook;
}

/** Works out once what several checks look at. */
export function preflightContext(input: RunInput, settings: PreflightContext['settings']): PreflightContext {
  const scope = new ScopeChecks(input.options, input.asOf, input.stages);
  const limits = new LoanLimitBook(input.loanLimits, Number(input.asOf.slice(0, 4)));
  return {
    input,
    settings,
    trades: tradesInRun(input),
    loans: input.loans
      .filter((loan) => scope.firstFailure(loan) === null)
      .map((loan) => ({
        loan,
        amount: loanAmount(loan),
        closed: isClosed(loan, input.asOf),
        highBalance: limits.standing(loan).highBalance,
      })),
    instruments: new Map(input.instruments.map((row) => [row.investor_instrument_name, row])),
    pools: new PoolBook(input),
  };
}

/** Cents of trades. */
export const tradeFound = (trade: TradeRow) => ({ id: trade.trade_id, amount: trade.trade_amount });
/** Cents of loans. */
export const loanFound = ({ loan, amount }: ScopedLoan) => ({ id: loan.loan_id, amount });

/** What a parse gives; null for a rule that does not parse, which has a finding of its own. */
export function orNull<T>(parse: () => T): T | null {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RuleError) return null;
    throw error;
  }
}

/** Whether a constraint lets loans into a trade. */
export function isOpenTo(row: ConstraintRow, trade: TradeRow): boolean {
  if (row.investor_id !== trade.investor_id || row.investor_instrument_name !== trade.investor_instrument_name)
    return false;
  const { trade_condition: text } = row;
  if (text === null || text.trim() === '') return true;
  const condition = orNull(() => parseRule(text, TRADE_RULE_COLUMNS));
  return condition !== null && compileRule(condition, readTrade)(trade) === Truth.True;
}
