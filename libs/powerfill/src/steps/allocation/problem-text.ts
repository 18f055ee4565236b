import { formatDecimal } from '../../allocation/problem/exact-arithmetic';
import {
  type CandidateInput,
  type LoanInput,
  type OptionsInput,
  type TradeInput,
} from '../../allocation/problem/problem-file';
import { moneyText } from '../../domain/money';
import { type RunOptions } from '../../domain/run-options';
import { type Candidate, type EligibleLoan, type PricedTrade } from '../step-results';
import { type RunLimits } from './limits';
import { isPriced } from './reservations';

/** What the problem file of a run is made of; loans and trades sorted by id. */
export interface ProblemSource {
  readonly loans: readonly EligibleLoan[];
  readonly trades: readonly PricedTrade[];
  /** By loan id, 1e-8 point. */
  readonly reservations: ReadonlyMap<string, number>;
  readonly limits: RunLimits;
  readonly options: RunOptions;
}

const PIECE_CHARACTERS = 65_536;

/**
 * The problem of a run in the format of `npm run solve` (engine.md, section 3), in pieces of some 64 K characters.
 * Canonical: one entry a line, loans and trades by id, candidates by loan and trade, decimals as shortest text, so
 * that equal inputs give equal text. Held and kicked-out loans stand in it without candidates, because the gap is
 * measured against the UPB of all eligible loans.
 */
export function* problemText(source: ProblemSource): Generator<string> {
  const { trades, loans, options } = source;
  const tradeIds = new Set(trades.map(({ trade }) => trade.trade_id));
  let piece = '';
  for (const line of lines()) {
    piece += line;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
  }
  yield piece;

  function* lines(): Generator<string> {
    yield '{"loans":[';
    yield* listed(mapped(loans, (loan) => loanInput(loan, source, tradeIds)));
    yield '],\n"trades":[';
    yield* listed(mapped(trades, tradeInput));
    yield '],\n"candidates":[';
    yield* listed(candidateInputs(source));
    yield `],\n"limits":[`;
    yield* listed(source.limits.limits);
    yield `],\n"options":${JSON.stringify(optionsInput(options))}}\n`;
  }
}

function* mapped<T, U>(items: Iterable<T>, map: (item: T) => U): Generator<U> {
  for (const item of items) yield map(item);
}

function* listed(items: Iterable<object>): Generator<string> {
  let separator = '\n';
  for (const item of items) {
    yield separator + JSON.stringify(item);
    separator = ',\n';
  }
}

function loanInput(eligible: EligibleLoan, source: ProblemSource, tradeIds: ReadonlySet<string>): LoanInput {
  const id = eligible.loan.loan_id;
  const lockedTo = lockedCandidate(eligible)?.tradeId;
  const current = lockedTo ?? eligible.currentTradeId;
  const attributes = source.limits.attributesOf(eligible);
  const reservation = source.options.reservation_price === 'market' ? source.reservations.get(id) : undefined;
  return {
    id,
    amount: moneyText(eligible.amount),
    ...(reservation !== undefined && { reservation: points(reservation) }),
    ...(current !== null && tradeIds.has(current) && { current_trade: current }),
    ...(lockedTo !== undefined && { locked: true }),
    ...(attributes !== undefined && { attributes: { ...attributes } }),
  };
}

/** The pair a member of a locked pool is fixed to. */
export const lockedCandidate = (eligible: EligibleLoan): Candidate | undefined =>
  eligible.candidates.find((candidate) => candidate.locked);

function tradeInput(priced: PricedTrade): TradeInput {
  return {
    id: priced.trade.trade_id,
    target: moneyText(priced.target),
    min: moneyText(priced.min),
    max: moneyText(priced.max),
    pair_off_points: points(priced.pairOffPoints),
    ...((priced.mustReach ?? 0) > 0 && { must_reach: moneyText(priced.mustReach ?? 0) }),
  };
}

function* candidateInputs({ loans, reservations }: ProblemSource): Generator<CandidateInput> {
  for (const { loan, candidates } of loans) {
    const reservation = reservations.get(loan.loan_id) ?? 0;
    const byTrade = [...candidates].sort((a, b) => (a.tradeId < b.tradeId ? -1 : 1));
    for (const candidate of byTrade) {
      yield {
        loan: loan.loan_id,
        trade: candidate.tradeId,
        score: points(scoreFor(candidate, reservation)),
        priority: candidate.constraint.priority,
        constraint: candidate.constraint.name,
      };
    }
  }
}

/** The score the allocation sees: that of an unpriceable locked pair is the reservation, so that its value is 0. */
export const scoreFor = (candidate: Candidate, reservation: number): number =>
  isPriced(candidate) ? candidate.price.score : reservation;

function optionsInput(options: RunOptions): OptionsInput {
  return {
    mode: options.allocation_mode,
    ...(options.reservation_price !== 'market' && { reservation_price: options.reservation_price }),
    switch_cost_bp: options.switch_cost_bp,
    effort: options.effort,
    seed: options.seed,
    unreachable: 'relax',
  };
}

const points = (value: number): string => formatDecimal(value, 8, 0);
