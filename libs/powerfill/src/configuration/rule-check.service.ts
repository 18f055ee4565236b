import { tenantDatabase } from '@powerfill/tenancy';
import { decimalText, moneyText } from '../domain/money';
import { loanAmount } from '../eligibility/loan-facts';
import { LoanLimitBook } from '../eligibility/loan-limits';
import { readLoan, readTrade } from '../eligibility/rule-columns';
import { loanLimitTable, loanTable, tradeTable, type SecuritizationRuleRow } from '../entities';
import {
  canonicalText,
  compileRule,
  RULE_FUNCTION_USAGES,
  RuleError,
  Truth,
  type ParsedRule,
  type PoolLimit,
  type RulePosition,
} from '../rules';
import { parseCondition, parseSecuritizationRule, type RuleSubjectKind } from './rule-refusal';

/** A rule to be tried. */
export type TriedRule = { readonly kind: RuleSubjectKind } & Omit<SecuritizationRuleRow, 'rule_name' | 'kind'>;

/** How many rows a rule lets pass, turns away, or cannot decide for lack of data; dollars as text. */
export interface RuleCounts {
  readonly total: number;
  readonly passing: number;
  readonly failing: number;
  readonly no_data: number;
  readonly passing_amount: string;
  readonly failing_amount: string;
  readonly no_data_amount: string;
}

/** What became of a tried rule. */
export interface RuleCheck {
  readonly valid: boolean;
  readonly error: { readonly code: string; readonly message: string; readonly position: RulePosition } | null;
  /** Normal form of the condition; null when there is none or it does not parse. */
  readonly canonical: string | null;
  readonly columns: readonly string[];
  /** Of a pool rule: what it limits. */
  readonly limit: { readonly kind: string; readonly min: string | null; readonly max: string | null } | null;
  /** Loans of the pipeline (trades for a trade condition) by the condition; null when it does not parse. */
  readonly counts: RuleCounts | null;
}

/** Tries rules (config-and-reports.md, `POST /rules/check`). */
export class RuleCheckService {
  /** @param year whose loan limits decide what is high balance */
  async check(rule: TriedRule, year: number): Promise<RuleCheck> {
    let parsed: ParsedRule | PoolLimit | null;
    try {
      parsed =
        rule.kind === 'trade'
          ? parseCondition('trade', rule.condition_text ?? '')
          : parseSecuritizationRule({ ...rule, rule_name: '' });
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      const { code, message, position } = error;
      return {
        valid: false,
        error: { code, message, position },
        canonical: null,
        columns: [],
        limit: null,
        counts: null,
      };
    }
    const limit = parsed !== null && 'bounds' in parsed ? parsed : null;
    const condition = limit === null ? (parsed as ParsedRule | null) : limit.condition;
    return {
      valid: true,
      error: null,
      canonical: condition === null ? null : canonicalText(condition),
      columns: condition?.columns ?? [],
      limit: limit === null ? null : limitView(limit),
      counts: rule.kind === 'trade' ? await countTrades(condition) : await countLoans(condition, year),
    };
  }

  /** The functions of the language, as they are written. */
  functions(): readonly string[] {
    return RULE_FUNCTION_USAGES;
  }
}

const SCALES: Readonly<Record<PoolLimit['kind'], number>> = {
  share: 8,
  count_share: 8,
  weighted_average: 8,
  total: 2,
  count: 0,
};

function limitView({ kind, bounds }: PoolLimit): RuleCheck['limit'] {
  const text = (value: number | null): string | null => (value === null ? null : decimalText(value, SCALES[kind]));
  return { kind, min: text(bounds.min), max: text(bounds.max) };
}

class Counter {
  private readonly counts = { [Truth.True]: 0, [Truth.False]: 0, [Truth.Unknown]: 0 };
  private readonly cents = { [Truth.True]: 0n, [Truth.False]: 0n, [Truth.Unknown]: 0n };

  add(truth: Truth, amount: number): void {
    this.counts[truth] += 1;
    this.cents[truth] += BigInt(amount);
  }

  view(): RuleCounts {
    const { counts, cents } = this;
    return {
      total: counts[Truth.True] + counts[Truth.False] + counts[Truth.Unknown],
      passing: counts[Truth.True],
      failing: counts[Truth.False],
      no_data: counts[Truth.Unknown],
      passing_amount: moneyText(cents[Truth.True]),
      failing_amount: moneyText(cents[Truth.False]),
      no_data_amount: moneyText(cents[Truth.Unknown]),
    };
  }
}

async function countLoans(condition: ParsedRule | null, year: number): Promise<RuleCounts> {
  const { dialect, dataSource } = tenantDatabase();
  const limits = new LoanLimitBook(await dialect.readRows(dataSource, loanLimitTable), year);
  const test = condition === null ? null : compileRule(condition, readLoan);
  const counter = new Counter();
  for await (const loans of dialect.streamRows(dataSource, loanTable)) {
    for (const loan of loans) {
      const truth = test?.({ loan, highBalance: limits.standing(loan).highBalance }) ?? Truth.True;
      counter.add(truth, loanAmount(loan));
    }
  }
  return counter.view();
}

async function countTrades(condition: ParsedRule | null): Promise<RuleCounts> {
  const { dialect, dataSource } = tenantDatabase();
  const test = condition === null ? null : compileRule(condition, readTrade);
  const counter = new Counter();
  for (const trade of await dialect.readRows(dataSource, tradeTable)) {
    counter.add(test?.(trade) ?? Truth.True, trade.trade_amount);
  }
  return counter.view();
}
