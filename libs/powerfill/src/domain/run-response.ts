import type { RunOptions } from './run-options';
import type { RunStatus } from './run-status';
import type { StepName } from './step-names';

/** A step as the run response shows it. */
export interface StepReport {
  name: StepName;
  status: 'pending' | 'running' | 'done' | 'skipped' | 'failed';
  rows: number | null;
  ms: number | null;
  note: string | null;
}

/** Warning of a run: a code, plain words, and how many cases it stands for. */
export interface RunWarning {
  readonly code: string;
  readonly message: string;
  readonly count?: number;
}

/** Dollars, decimal text with two places: pipeline = out_of_scope + eligible; eligible = placed + held + kicked_out. */
export interface DollarsByOutcome {
  readonly pipeline: string;
  readonly out_of_scope: string;
  readonly eligible: string;
  readonly placed: string;
  readonly held: string;
  readonly kicked_out: string;
}

/** How full the trades of one type are; money as text. */
export interface FillByTradeType {
  readonly trade_type: string;
  readonly trades: number;
  readonly target: string;
  readonly fill: string;
  /** Percent of the target, two places; null without a target. */
  readonly percent: string | null;
}

/** Certificate of the allocation: decimals as text of fixed scale (money 2, bp 4). */
export interface RunCertificate {
  readonly objective: string;
  readonly upper_bound: string;
  readonly gap_usd: string;
  readonly gap_bp_of_upb: string;
  /** Null when the plain greedy finds no feasible assignment. */
  readonly greedy_objective: string | null;
  readonly gain_over_greedy_usd: string | null;
  readonly classes?: readonly {
    readonly priority: number | null;
    readonly objective: string;
    readonly upper_bound: string;
    readonly gap_usd: string;
  }[];
  readonly order_cost_usd?: { readonly low: string; readonly high: string };
  readonly moves: number;
  readonly seed: number;
  readonly effort: string;
  readonly replayable: boolean;
  readonly audit: 'passed';
}

export interface RunCounts {
  readonly loans: number;
  readonly trades: number;
  readonly placed: number;
  readonly held: number;
  readonly kicked_out: number;
}

/** What a run has produced so far; kept in `progress_json` while it is active and in the response when it ended. */
export interface RunProgress {
  readonly steps: readonly StepReport[];
  readonly progress: { readonly step: StepName | null; readonly fraction: number };
  readonly warnings: readonly RunWarning[];
  readonly counts: RunCounts | null;
  readonly dollars_by_outcome: DollarsByOutcome | null;
  readonly fill_by_trade_type: readonly FillByTradeType[] | null;
  readonly certificate: RunCertificate | null;
}

/** The run response (runs.md, section 2): live while the run is active, stored once when it ends. */
export interface RunResponse extends RunProgress {
  readonly run_id: string;
  readonly status: RunStatus;
  readonly requested_by: string;
  readonly submitted_at: string;
  readonly claimed_at: string | null;
  readonly completed_at: string | null;
  readonly attempt: number;
  readonly options: RunOptions;
  readonly failure: { readonly step: string | null; readonly message: string } | null;
  readonly replayable: boolean;
  readonly links: Readonly<Record<string, string>>;
}
