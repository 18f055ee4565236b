import {
  securitizationRuleTable,
  type ConstraintRow,
  type ConstraintRuleRow,
  type SecuritizationRuleRow,
  type TradeRow,
} from '../entities';
import { decimalText } from '../domain/money';
import { compileRule, parsePoolRule, parseRule, Truth, type ColumnReader, type PoolLimit } from '../rules';
import type { RunInput } from '../steps/run-input';
import { StepError } from '../steps/run-step';
import type { ConstraintRef, PoolRuleUse } from '../steps/step-results';
import { ALWAYS, parsing, type ConditionIndex, type ConditionSet } from './condition-set';
import { LOAN_RULE_COLUMNS, readLoan, readTrade, TRADE_RULE_COLUMNS, type RuleSubject } from './rule-columns';

/** A loan rule of the tenant. */
export interface LoanRule {
  /** Place among the run's loan rules, by name. */
  readonly index: number;
  readonly name: string;
  readonly condition: ConditionIndex;
}

/** A constraint as pairs are tested against it; amounts in cents. */
export interface ConstraintTerms {
  readonly ref: ConstraintRef;
  readonly lowest: number | null;
  readonly highest: number | null;
  /** By name. */
  readonly rules: readonly LoanRule[];
}

/** An attribute that a limit of a trade averages over the loans that meet `condition`. */
export interface AveragedAttribute {
  readonly condition: ConditionIndex;
  readonly read: ColumnReader<RuleSubject>;
}

/** The tenant's constraints and rules, parsed, and which of them each trade is under. */
export class ConstraintBook {
  /** Names of the loan rules by index. */
  readonly loanRuleNames: readonly string[];
  private readonly loanRules = new Map<string, LoanRule>();
  private readonly poolLimits = new Map<string, PoolLimit>();
  private readonly attached = new Map<string, string[]>();
  private readonly tradeConditions = new Map<string, (trade: TradeRow) => boolean>();
  private readonly terms = new Map<string, ConstraintTerms>();

  constructor(
    private readonly input: Pick<RunInput, 'constraints' | 'constraintRules' | 'rules'>,
    private readonly conditions: ConditionSet,
  ) {
    for (const rule of [...input.rules].sort((a, b) => byText(a.rule_name, b.rule_name))) this.addRule(rule);
    this.loanRuleNames = [...this.loanRules.keys()];
    for (const row of input.constraintRules) this.attach(row);
    for (const constraint of input.constraints) {
      const key = constraintKey(constraint);
      this.tradeConditions.set(key, compileTradeCondition(constraint));
      this.terms.set(key, this.termsOf(constraint));
    }
  }

  /**
   * Constraints a trade is under, by priority, then name; empty = the trade takes no loan. Trades share the objects,
   * so that a constraint may be told by identity.
   */
  constraintsOf(trade: TradeRow): ConstraintTerms[] {
    return this.rowsOf(trade)
      .flatMap((row) => this.terms.get(constraintKey(row)) ?? [])
      .sort((a, b) => a.ref.priority - b.ref.priority || byText(a.ref.name, b.ref.name));
  }

  /** Attributes averaged by the pool rules of a trade's constraints. */
  averagedAttributes(trade: TradeRow): AveragedAttribute[] {
    const names = new Set(this.rowsOf(trade).flatMap((row) => this.rulesOf(row)));
    return [...names].sort().flatMap((name) => {
      const limit = this.poolLimits.get(name);
      if (limit?.kind !== 'weighted_average') return [];
      const condition = limit.condition === null ? ALWAYS : this.conditions.addParsed(limit.condition, 'loan');
      return [{ condition, read: readLoan(limit.attribute) }];
    });
  }

  /** The pool rules attached to constraints, with the trades under these. */
  poolRuleUses(trades: readonly TradeRow[]): PoolRuleUse[] {
    const uses = new Map<string, string[]>();
    for (const trade of trades) {
      for (const name of new Set(this.rowsOf(trade).flatMap((row) => this.rulesOf(row)))) {
        if (this.poolLimits.has(name)) uses.set(name, [...(uses.get(name) ?? []), trade.trade_id]);
      }
    }
    return [...uses]
      .map(([ruleName, tradeIds]) => ({ ruleName, tradeIds: tradeIds.sort() }))
      .sort((a, b) => byText(a.ruleName, b.ruleName));
  }

  private rowsOf(trade: TradeRow): ConstraintRow[] {
    return this.input.constraints.filter(
      (row) =>
        row.investor_id === trade.investor_id &&
        row.investor_instrument_name === trade.investor_instrument_name &&
        this.tradeConditions.get(constraintKey(row))?.(trade) === true,
    );
  }

  private rulesOf(row: ConstraintKey): readonly string[] {
    return this.attached.get(constraintKey(row)) ?? [];
  }

  private termsOf(row: ConstraintRow): ConstraintTerms {
    return {
      ref: {
        investorId: row.investor_id,
        instrumentName: row.investor_instrument_name,
        name: row.constraint_name,
        priority: row.constraint_priority,
      },
      lowest: row.lo_limit,
      highest: row.hi_limit,
      rules: this.rulesOf(row).flatMap((name) => this.loanRules.get(name) ?? []),
    };
  }

  private addRule(row: SecuritizationRuleRow): void {
    const owner = `Rule ${row.rule_name}`;
    if (row.kind.toLowerCase() === 'pool') {
      this.poolLimits.set(
        row.rule_name,
        parsing(owner, () => poolLimit(row)),
      );
      return;
    }
    const condition = this.conditions.add(row.condition_text, 'loan', owner);
    this.loanRules.set(row.rule_name, { index: this.loanRules.size, name: row.rule_name, condition });
  }

  private attach(row: ConstraintRuleRow): void {
    if (!this.loanRules.has(row.rule_name) && !this.poolLimits.has(row.rule_name)) {
      throw new StepError(
        'RULE_UNKNOWN',
        `Constraint ${row.constraint_name} names rule ${row.rule_name}, which does not exist.`,
      );
    }
    const key = constraintKey(row);
    this.attached.set(key, [...(this.attached.get(key) ?? []), row.rule_name].sort());
  }
}

const LIMIT_SCALE = securitizationRuleTable.columns.limit_value.scale ?? 0;

/** The limit a pool rule stands for; its value comes as an integer of its column's scale. */
export function poolLimit(row: SecuritizationRuleRow): PoolLimit {
  return parsePoolRule(
    {
      function: row.function ?? '',
      column_name: row.column_name,
      limit_value: decimalText(row.limit_value ?? 0, LIMIT_SCALE),
      limit_sense: row.limit_sense ?? '',
      limit_scope: row.limit_scope,
      condition_text: row.condition_text,
    },
    LOAN_RULE_COLUMNS,
  );
}

type ConstraintKey = Pick<ConstraintRow, 'investor_id' | 'investor_instrument_name' | 'constraint_name'>;

const constraintKey = (row: ConstraintKey): string =>
  `${row.investor_id}|${row.investor_instrument_name}|${row.constraint_name}`;

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function compileTradeCondition(row: ConstraintRow): (trade: TradeRow) => boolean {
  const { trade_condition: text } = row;
  if (text === null || text.trim() === '') return () => true;
  const owner = `Trade condition of constraint ${row.constraint_name} (${row.investor_instrument_name})`;
  const holds = compileRule(
    parsing(owner, () => parseRule(text, TRADE_RULE_COLUMNS)),
    readTrade,
  );
  return (trade) => holds(trade) === Truth.True;
}
