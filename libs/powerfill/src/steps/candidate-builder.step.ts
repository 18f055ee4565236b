import { candidateTable, loanConstraintPoolTable, type LoanRow } from '../entities';
import { checkRank, codeCount, codeName, codeNumber } from '../eligibility/check-codes';
import { loanAmount, loanFacts, type LoanFacts } from '../eligibility/loan-facts';
import { PoolBook, type PoolState } from '../eligibility/pool-book';
import { runTerms, type RunTerms } from '../eligibility/run-terms';
import { ScopeChecks } from '../eligibility/scope-checks';
import { CandidateRows } from './candidate-builder-rows';
import { LoanWarnings, poolWarnings, unknownLoanWarnings } from './candidate-builder-warnings';
import { packOptions } from './packed-options';
import type { RunInput } from './run-input';
import { insertRows, type RunStep, type StepControl, type StepOutcome } from './run-step';
import type { Candidate, EligibleLoan, StepResults } from './step-results';

const LOCKED = codeNumber('LOCKED');
/** Loans between two chances for the event loop: well under 20 ms of work. */
const LOANS_PER_BREATH = 8;

/** Step 3 (engine.md): every loan's candidates and alternatives, or the code of the check it failed at each trade. */
export class CandidateBuilderStep implements RunStep {
  readonly name = 'candidate_builder' as const;

  async run(input: RunInput, results: StepResults, control: StepControl): Promise<StepOutcome> {
    await control.breathe();
    const terms = runTerms(input, results);
    const scope = new ScopeChecks(input.options, input.asOf, input.stages);
    const pools = new PoolBook(input);
    const builder = new LoanBuilder(terms);
    const rows = new CandidateRows(input.options.candidates_kept_per_loan);
    const loanWarnings = new LoanWarnings();
    const loans: EligibleLoan[] = [];
    const outOfScope: { loan: LoanRow; amount: number; code: string }[] = [];
    let candidateCount = 0;
    let withCandidates = 0;
    const sorted = [...input.loans].sort((a, b) => (a.loan_id < b.loan_id ? -1 : 1));
    for (const [index, loan] of sorted.entries()) {
      if (index % LOANS_PER_BREATH === 0) {
        await control.breathe();
        control.progress(index / sorted.length);
      }
      const failure = scope.firstFailure(loan);
      if (failure !== null) {
        const amount = loanAmount(loan);
        outOfScope.push({ loan, amount, code: failure });
        loanWarnings.addOutOfScope(amount, failure);
        continue;
      }
      const eligible = builder.build(loanFacts(loan, input.asOf, terms.limits), pools.stateOf(loan.pool_name));
      loans.push(eligible);
      rows.add(eligible);
      loanWarnings.addEligible(eligible);
      candidateCount += eligible.candidates.length;
      if (eligible.candidates.length > 0) withCandidates += 1;
    }
    results.candidates = { loans, outOfScope, poolRules: terms.poolRules };
    return {
      status: 'done',
      note: `${grouped(candidateCount)} candidates of ${grouped(withCandidates)} loans, ${grouped(loans.length)} eligible`,
      writes: [insertRows(candidateTable, rows.candidates), insertRows(loanConstraintPoolTable, rows.constraintPools)],
      warnings: [
        ...terms.warnings,
        ...terms.carryWarnings(),
        ...poolWarnings(pools),
        ...loanWarnings.all(),
        ...unknownLoanWarnings(input),
      ],
    };
  }
}

/** Builds eligible loans one after another with one run's terms. */
export class LoanBuilder {
  private readonly counts: Int32Array;
  private readonly tradeIndex: ReadonlyMap<string, number>;

  constructor(private readonly terms: RunTerms) {
    this.counts = new Int32Array(codeCount(terms.loanRuleNames.length));
    this.tradeIndex = new Map(terms.trades.map(({ sale }, index) => [sale.id, index]));
  }

  build(facts: LoanFacts, pool: PoolState | null): EligibleLoan {
    const { terms } = this;
    const { evaluator } = terms;
    evaluator.begin();
    this.counts.fill(0);
    const candidates: Candidate[] = [];
    const placement = this.placementOf(facts, pool);
    let furthest = -1;
    let furthestTrade: string | null = null;
    if (placement.kind === 'excluded') this.counts[codeNumber('HELD')] = terms.trades.length;
    else if (placement.kind !== 'held') {
      for (const [index, trade] of terms.trades.entries()) {
        const lockedElsewhere = placement.kind === 'locked' && placement.tradeIndex !== index;
        const outcome = lockedElsewhere
          ? LOCKED
          : placement.kind === 'locked'
            ? evaluator.evaluateLocked(facts, trade)
            : evaluator.evaluate(facts, trade);
        if (typeof outcome !== 'number') {
          candidates.push(outcome);
          continue;
        }
        this.counts[outcome] = (this.counts[outcome] ?? 0) + 1;
        if (furthest < 0 || checkRank(outcome) > checkRank(furthest)) {
          furthest = outcome;
          furthestTrade = trade.sale.id;
        }
      }
    }
    candidates.sort((a, b) => b.price.score - a.price.score || (a.tradeId < b.tradeId ? -1 : 1));
    return {
      loan: facts.loan,
      amount: facts.amount,
      closed: facts.closed,
      readyDate: facts.readyDay === null ? null : terms.days.date(facts.readyDay),
      highBalance: facts.highBalance,
      currentTradeId: pool?.tradeId ?? null,
      poolLock: pool?.lock ?? null,
      held: placement.kind === 'held' ? { code: placement.code } : null,
      excludedCode: placement.kind === 'excluded' ? 'HELD' : null,
      candidates,
      synthetics: packOptions(evaluator.options(facts, terms.synthetics)),
      codeCounts: this.codeCounts(),
      furthest:
        furthestTrade === null ? null : { tradeId: furthestTrade, code: codeName(furthest, terms.loanRuleNames) },
    };
  }

  /** The checks between scope and constraints: manual hold, the pool's trade, the pool's lock. */
  private placementOf({ loan }: LoanFacts, pool: PoolState | null): Placement {
    if (isHeldByHand(loan)) return { kind: 'excluded' };
    if (pool === null) return { kind: 'free' };
    const tradeIndex = pool.tradeId === null ? undefined : this.tradeIndex.get(pool.tradeId);
    if (pool.tradeId !== null && tradeIndex === undefined) return { kind: 'held', code: 'POOL_TRADE_NOT_IN_RUN' };
    if (pool.lock === 'N') return { kind: 'free' };
    return tradeIndex === undefined ? { kind: 'held', code: 'LOCKED' } : { kind: 'locked', tradeIndex };
  }

  private codeCounts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    this.counts.forEach((count, code) => {
      if (count > 0) counts.set(codeName(code, this.terms.loanRuleNames), count);
    });
    return counts;
  }
}

type Placement =
  | { readonly kind: 'free' }
  | { readonly kind: 'excluded' }
  | { readonly kind: 'held'; readonly code: string }
  | { readonly kind: 'locked'; readonly tradeIndex: number };

const isHeldByHand = ({ hold_reason: reason }: LoanRow): boolean => reason !== null && reason.trim() !== '';

/** Thousands separated by commas, the same everywhere. */
const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');
