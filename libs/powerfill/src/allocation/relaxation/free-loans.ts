import { type LevelTerms } from '../stage/level-terms';
import { optionWorths } from './option-worths';
import { type Multipliers } from './restricted-lp';
import { type Restrictions } from '../stage/restrictions';
import { type Stage } from '../stage/stage';

/** Loss per cent of amount below which a loan counts as better off elsewhere: far less than a cent a loan. */
const BETTER_BY = 1e-9;
/** Loans freed at first for each pair of trades; every later round may free twice as many as the one before. */
const FIRST_PER_PAIR = 3;
/** A loan that loses more than this per cent of its amount by a move is not at the margin. */
const MARGIN = 0.03;

/**
 * Splits the loans of a stage into those a linear program decides anew and those that stay at their choice. What matters
 * for an optimum are the loans at the margin: for each pair of trades those that lose least by moving from one to the
 * other.
 */
export class FreeLoans {
  /** Option each loan stays at while it is not free, -1 = out. */
  readonly choice: Int32Array;
  /** Loans placed in parts: free from the start. */
  readonly split: readonly number[];
  private readonly isFree: Uint8Array;

  /** @param flow cents of each option's loan placed there */
  constructor(
    private readonly stage: Stage,
    private readonly restrictions: Restrictions,
    private readonly levels: LevelTerms,
    flow: Float64Array,
  ) {
    const { amount, start } = stage;
    this.choice = new Int32Array(amount.length).fill(-1);
    this.isFree = new Uint8Array(amount.length);
    for (let s = 0; s < amount.length; s++)
      for (let o = start[s]!; o < start[s + 1]!; o++) {
        if (flow[o] === 0) continue;
        if (flow[o] === amount[s]) this.choice[s] = o;
        else this.isFree[s] = 1;
      }
    this.split = Array.from(this.isFree.keys()).filter((s) => this.isFree[s] === 1);
  }

  /** Frees, for each pair of trades, the loans that lose least by moving from the one to the other; returns them. */
  freeAtMargin(multipliers: Multipliers): number[] {
    return this.free(multipliers, FIRST_PER_PAIR, MARGIN);
  }

  /** Frees loans that would gain by a move at the multipliers of a round; returns them. */
  freeBetterOff(multipliers: Multipliers, round: number): number[] {
    return this.free(multipliers, FIRST_PER_PAIR * 2 ** round, -BETTER_BY);
  }

  /** Adds what stays to the flow of the free loans. */
  withFixed(flow: Float64Array): Float64Array {
    const { stage, choice, isFree } = this;
    for (let s = 0; s < choice.length; s++) if (isFree[s] === 0 && choice[s]! >= 0) flow[choice[s]!] = stage.amount[s]!;
    return flow;
  }

  private free(multipliers: Multipliers, perPair: number, mostLoss: number): number[] {
    const { stage, choice, isFree } = this;
    const { amount, start, trade, tradeCount: out } = stage;
    const pairs = new Map<number, LeastLosses>();
    const worth = optionWorths(stage, this.restrictions, this.levels, multipliers);
    const offer = (s: number, from: number, to: number, lost: number): void => {
      const loss = lost / amount[s]!;
      if (loss >= mostLoss) return;
      const pair = from * (out + 1) + to;
      let least = pairs.get(pair);
      if (least === undefined) pairs.set(pair, (least = new LeastLosses(perPair)));
      least.offer(loss, s);
    };
    for (let s = 0; s < choice.length; s++) {
      if (isFree[s] === 1) continue;
      const o = choice[s]!;
      const here = o < 0 ? 0 : worth[o]!;
      const from = o < 0 ? out : trade[o]!;
      if (o >= 0) offer(s, from, out, here);
      for (let other = start[s]!; other < start[s + 1]!; other++)
        if (other !== o) offer(s, from, trade[other]!, here - worth[other]!);
    }
    const freed = [...new Set([...pairs.values()].flatMap(({ loans }) => loans))].sort((a, b) => a - b);
    for (const s of freed) isFree[s] = 1;
    return freed;
  }
}

/** The loans with the least losses among those offered, at most `most`; ties go to the loan offered first. */
class LeastLosses {
  readonly loans: number[] = [];
  private readonly losses: number[] = [];

  constructor(private readonly most: number) {}

  offer(loss: number, loan: number): void {
    const { loans, losses } = this;
    if (losses.length === this.most) {
      if (loss >= losses[losses.length - 1]!) return;
      losses.pop();
      loans.pop();
    }
    let at = losses.length;
    while (at > 0 && losses[at - 1]! > loss) at--;
    losses.splice(at, 0, loss);
    loans.splice(at, 0, loan);
  }
}
