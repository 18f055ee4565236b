import { gunzipSync } from 'node:zlib';
import { type ProblemFile } from '../../allocation/problem/problem-file';
import { type AllocationRunner, type AllocationSolution, type SolveRequest } from '../../allocation-worker';

/** What a test wants the allocation to answer. */
export interface Script {
  /** Loan id -> trade id. */
  readonly placed?: Readonly<Record<string, string>>;
  /** Loan id -> code, nearest trade, margin in 1e-8 point and displacing loan. */
  readonly kickouts?: Readonly<Record<string, readonly [string, string | null, number | null, string | null]>>;
  readonly shadowPrices?: Readonly<Record<string, number>>;
  readonly changes?: Partial<AllocationSolution>;
}

/** An allocation whose answer the test writes down, so that expected rows do not depend on a search. */
export class ScriptedRunner implements AllocationRunner {
  /** The problem as it arrived. */
  text = '';

  constructor(private readonly script: Script) {}

  get problem(): ProblemFile {
    return JSON.parse(this.text) as ProblemFile;
  }

  solve(request: SolveRequest): Promise<AllocationSolution> {
    this.text = gunzipSync(request.problem).toString();
    const loans = this.problem.loans.map(({ id }) => id);
    const tradeIds = this.problem.trades.map(({ id }) => id);
    const { placed = {}, kickouts = {}, shadowPrices = {}, changes = {} } = this.script;
    const kickout = loans.map((id) => kickouts[id] ?? (['NOT_FOUND', null, null, null] as const));
    return Promise.resolve({
      loanCount: loans.length,
      tradeIds,
      assignment: Int32Array.from(loans, (id) => tradeIds.indexOf(placed[id] ?? '')),
      trades: tradeIds.map((id) => ({ fill: 0, shadowPrice: shadowPrices[id] ?? 0, pairOff: 0 })),
      kickouts: {
        codes: kickout.map(([code]) => code),
        code: Int32Array.from(loans, (_, index) => index),
        nearestTrade: Int32Array.from(kickout, ([, trade]) => tradeIds.indexOf(trade ?? '')),
        marginPoints: Float64Array.from(kickout, ([, , margin]) => margin ?? NaN),
        displacedBy: Int32Array.from(kickout, ([, , , loan]) => loans.indexOf(loan ?? '')),
      },
      limits: [],
      warnings: [],
      objective: 0,
      upperBound: 0,
      gap: 0,
      gapMicroBp: 0,
      greedyObjective: 0,
      classes: null,
      orderCost: null,
      moves: 0,
      seed: 1,
      replayable: true,
      ...changes,
    });
  }
}
