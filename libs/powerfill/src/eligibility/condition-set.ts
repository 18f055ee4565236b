import { compileRule, parseRule, RuleError, Truth, type CompiledRule, type ParsedRule, type ReaderOf } from '../rules';
import { StepError } from '../steps/run-step';
import { LOAN_RULE_COLUMNS, readLoan, readLoanForStory, type RuleSubject } from './rule-columns';

/**
 * Index of a condition in its set. `ALWAYS` stands for an absent one, which every loan meets; `NEVER` for one nobody
 * wrote down (an unknown story), which no loan meets.
 */
export type ConditionIndex = number;
export const ALWAYS: ConditionIndex = -1;
export const NEVER: ConditionIndex = -2;

/** How a condition sees a loan: a story's amounts are the original amount. */
export type LoanView = 'loan' | 'story';

const READERS: Readonly<Record<LoanView, ReaderOf<RuleSubject>>> = { loan: readLoan, story: readLoanForStory };

/**
 * The loan conditions of a run, each compiled once and asked at most once per loan: `begin` forgets the outcomes of
 * the loan before. Conditions with the same text and view share an index.
 */
export class ConditionSet {
  private readonly parsed: ParsedRule[] = [];
  private readonly compiled: CompiledRule<RuleSubject>[] = [];
  private readonly indexes = new Map<string, ConditionIndex>();
  private outcomes: Int8Array = new Int8Array(0);

  /** Adds a condition. `owner` names it in errors, e.g. `Rule llb85`. Throws StepError when it does not parse. */
  add(text: string | null, view: LoanView, owner: string): ConditionIndex {
    if (text === null || text.trim() === '') return ALWAYS;
    const key = `${view}|${text}`;
    let index = this.indexes.get(key);
    if (index === undefined) {
      index = this.addParsed(
        parsing(owner, () => parseRule(text, LOAN_RULE_COLUMNS)),
        view,
      );
      this.indexes.set(key, index);
    }
    return index;
  }

  /** Adds a condition that is parsed already. */
  addParsed(rule: ParsedRule, view: LoanView): ConditionIndex {
    this.parsed.push(rule);
    this.compiled.push(compileRule(rule, READERS[view]));
    return this.parsed.length - 1;
  }

  /** Whether a condition reads a column. */
  reads(index: ConditionIndex, column: string): boolean {
    return this.parsed[index]?.columns.includes(column) ?? false;
  }

  /** Turns to the next loan. */
  begin(): void {
    if (this.outcomes.length === this.compiled.length) this.outcomes.fill(-1);
    else this.outcomes = new Int8Array(this.compiled.length).fill(-1);
  }

  /** Outcome for the loan begun with; the same loan must be given until the next `begin`. */
  truth(index: ConditionIndex, subject: RuleSubject): Truth {
    if (index < 0) return index === ALWAYS ? Truth.True : Truth.Unknown;
    const known = this.outcomes[index] ?? -1;
    if (known >= 0) return known as Truth;
    const truth = this.compiled[index]?.(subject) ?? Truth.Unknown;
    this.outcomes[index] = truth;
    return truth;
  }

  holds(index: ConditionIndex, subject: RuleSubject): boolean {
    return this.truth(index, subject) === Truth.True;
  }
}

/** Runs a parse and turns its RuleError into the step's, naming the rule and the place in its text. */
export function parsing<T>(owner: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    const { line, column } = error.position;
    throw new StepError('RULE_INVALID', `${owner} does not parse (line ${line}, column ${column}): ${error.message}`);
  }
}
