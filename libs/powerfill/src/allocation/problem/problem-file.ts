/**
 * The problem file of `npm run solve` (engine.md, section 3), as parsed JSON. Money is a decimal string or a number of
 * dollars, scores and reservations are points of 100 par; every decimal has at most 8 places (money at most 2).
 */
export interface ProblemFile {
  loans: LoanInput[];
  trades: TradeInput[];
  candidates: CandidateInput[];
  limits?: LimitInput[];
  options?: OptionsInput;
}

/** A decimal, exact when given as a string; a number stands for its shortest decimal form. */
export type DecimalInput = string | number;

export type AttributeValue = string | number | boolean | null;

export interface LoanInput {
  id: string;
  /** Dollars, above 0. */
  amount: DecimalInput;
  /** Points of 100 par; overrides `options.reservation_price`. */
  reservation?: DecimalInput;
  /** The trade of the loan's pool today. */
  current_trade?: string;
  /** Stays in `current_trade` whatever the search finds. */
  locked?: boolean;
  attributes?: Record<string, AttributeValue>;
}

export interface TradeInput {
  id: string;
  /** T: obligation less delivered, dollars. */
  target?: DecimalInput;
  /** L: below this fill the pair-off cost on `T - f` is owed. */
  min?: DecimalInput;
  /** U: the fill never passes it. */
  max?: DecimalInput;
  /** q: points of 100 par, may be negative. */
  pair_off_points?: DecimalInput;
  /** The trade stays empty or is filled to at least this much. */
  must_reach?: DecimalInput;
}

export interface CandidateInput {
  loan: string;
  trade: string;
  /** Points of 100 par. */
  score: DecimalInput;
  /** Lower comes first in mode `priority`; absent: one last class. */
  priority?: number;
  /** Name of the constraint that let the pair in, for `TAKEN_BY_PRIORITY:<constraint>`. */
  constraint?: string;
}

export type LimitKind = 'share' | 'weighted_average' | 'total' | 'count' | 'count_share';

export interface LimitInput {
  id: string;
  trades: string[];
  kind: LimitKind;
  /** Keys and-ed; a list means any of; absent or {} = all loans. */
  where?: Record<string, AttributeValue | AttributeValue[]>;
  /** Only of `weighted_average`. */
  attribute?: string;
  min?: DecimalInput;
  max?: DecimalInput;
  /** One limit per trade, reported as `<id>@<trade>`. */
  per_trade?: boolean;
}

export type Mode = 'global' | 'priority';
export type Effort = 'interactive' | 'standard' | 'deep';

export interface OptionsInput {
  mode?: Mode;
  /** Points of 100 par; default 0. */
  reservation_price?: DecimalInput;
  /** Basis points of the loan's amount, when a pooled loan gets a trade other than its own. Default 0. */
  switch_cost_bp?: DecimalInput;
  place_all?: boolean;
  effort?: Effort;
  seed?: number;
  /** What an unreachable minimum does: `fail` (default, exit 3) or `relax` (least total shortfall first). */
  unreachable?: 'fail' | 'relax';
}
