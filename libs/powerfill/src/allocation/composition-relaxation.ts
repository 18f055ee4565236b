import { type Composition, TradeComposer } from './best-composition';
import { type Checkpoint } from './checkpoint';
import { type Restrictions } from './restrictions';
import { type Stage } from './stage';

/** Times the multipliers are moved, and branches of one composition. */
export interface CompositionSteps {
  readonly rounds: number;
  readonly nodes: number;
}

/** What relaxes "a loan goes to one trade" and the rows of several trades. */
export interface CompositionMultipliers {
  /** Per stage loan, cents; at least 0 where the loan may stay out. */
  readonly loanPrice: Float64Array;
  /** Per restriction row, cents per unit, at least 0. */
  readonly rowPrice: Float64Array;
}

/** First step, as a share of the one that would close the gap if all went straight (Polyak's rule). */
const FIRST_STEP = 0.3;
/** Rounds without a better bound until the step shrinks, and what is left of it. */
const PATIENCE = 15;
const SHRINKAGE = 0.6;
/** Share of the last direction that is kept. */
const MOMENTUM = 0.3;

/** A stage whose trades choose freely, each its best composition of the loans offered to it. */
export class CompositionRelaxation {
  private readonly composers: readonly TradeComposer[];
  private readonly loanOf: Int32Array;
  /** 1 per row that options of several trades count in. */
  private readonly shared: Uint8Array;
  /** Largest size of a coefficient per row. */
  private readonly scale: Float64Array;

  constructor(
    private readonly stage: Stage,
    private readonly restrictions: Restrictions,
  ) {
    const { start, trade, tradeCount } = stage;
    const { rowCount } = restrictions;
    this.loanOf = new Int32Array(trade.length);
    for (let s = 0; s < stage.loans.length; s++) this.loanOf.fill(s, start[s], start[s + 1]);
    const options = Array.from({ length: tradeCount }, (): number[] => []);
    const onlyTrade = new Int32Array(rowCount).fill(-1);
    this.shared = new Uint8Array(rowCount);
    this.scale = new Float64Array(rowCount).fill(1);
    trade.forEach((j, o) => {
      options[j]!.push(o);
      for (let n = restrictions.start[o]!; n < restrictions.start[o + 1]!; n++) {
        const r = restrictions.row[n]!;
        if (onlyTrade[r]! >= 0 && onlyTrade[r] !== j) this.shared[r] = 1;
        onlyTrade[r] = j;
        this.scale[r] = Math.max(this.scale[r]!, Math.abs(restrictions.coefficient[n]!));
      }
    });
    const ownRows = Array.from({ length: tradeCount }, (): number[] => []);
    onlyTrade.forEach((j, r) => {
      if (j >= 0 && this.shared[r] === 0) ownRows[j]!.push(r);
    });
    this.composers = options.map(
      (into, j) => new TradeComposer(stage, restrictions, j, into, this.loanOf, ownRows[j]!),
    );
  }

  /** Whether a row is relaxed, since options of several trades count in it. */
  isShared(r: number): boolean {
    return this.shared[r] === 1;
  }

  /**
   * What each trade chooses.
   *
   * @param profit per stage option, cents, its prices taken off
   */
  compose(profit: Float64Array, rowPrice: Float64Array, nodes: number, checkpoint: () => void): Composition[] {
    return this.composers.map((composer) => {
      checkpoint();
      return composer.compose(profit, rowPrice, nodes);
    });
  }

  /**
   * Moves the multipliers by subgradient steps.
   *
   * @param target about the value of the best assignment, cents: the steps aim at it
   * @returns the multipliers with the best bound met, and per trade in what share of the rounds it held loans
   */
  improve(
    start: CompositionMultipliers,
    target: number,
    { rounds, nodes }: CompositionSteps,
    checkpoint: Checkpoint,
  ): CompositionMultipliers & { readonly used: Float64Array } {
    const { stage, restrictions, scale, shared } = this;
    const { mustPlace, bound } = restrictions;
    const at = { loanPrice: start.loanPrice.slice(), rowPrice: start.rowPrice.slice() };
    let best = { loanPrice: start.loanPrice, rowPrice: start.rowPrice };
    const loanStep = new Float64Array(stage.loans.length);
    const rowStep = new Float64Array(restrictions.rowCount);
    const taken = new Float64Array(stage.loans.length);
    const activity = new Float64Array(restrictions.rowCount);
    const used = new Float64Array(stage.tradeCount);
    let least = Infinity;
    let step = FIRST_STEP;
    let failed = 0;
    for (let round = 0; round < rounds; round++) {
      taken.fill(0);
      activity.fill(0);
      let relaxed = this.priced(at);
      const chosen = this.compose(this.profits(at), at.rowPrice, nodes, () => checkpoint(round / rounds));
      chosen.forEach(({ bound: earned, options }, j) => {
        relaxed += earned;
        if (options.length > 0 || stage.baseFill[j]! > 0) used[j]! += 1 / rounds;
        for (const o of options) {
          taken[this.loanOf[o]!]!++;
          for (let n = restrictions.start[o]!; n < restrictions.start[o + 1]!; n++)
            activity[restrictions.row[n]!]! += restrictions.coefficient[n]!;
        }
      });
      if (relaxed < least) {
        least = relaxed;
        best = { loanPrice: at.loanPrice.slice(), rowPrice: at.rowPrice.slice() };
        failed = 0;
      } else if (++failed === PATIENCE) {
        failed = 0;
        step *= SHRINKAGE;
        at.loanPrice.set(best.loanPrice);
        at.rowPrice.set(best.rowPrice);
        loanStep.fill(0);
        rowStep.fill(0);
      }
      let norm = 0;
      for (let s = 0; s < loanStep.length; s++) {
        loanStep[s] = (1 - MOMENTUM) * (1 - taken[s]!) + MOMENTUM * loanStep[s]!;
        norm += loanStep[s]! * loanStep[s]!;
      }
      for (let r = 0; r < rowStep.length; r++) {
        if (shared[r] === 0) continue;
        rowStep[r] = ((1 - MOMENTUM) * (bound[r]! - activity[r]!)) / scale[r]! + MOMENTUM * rowStep[r]!;
        norm += rowStep[r]! * rowStep[r]!;
      }
      if (norm === 0 || relaxed <= target) break;
      const by = (step * (relaxed - target)) / norm;
      for (let s = 0; s < loanStep.length; s++) {
        const price = at.loanPrice[s]! - by * loanStep[s]!;
        at.loanPrice[s] = mustPlace[s] === 1 ? price : Math.max(0, price);
      }
      for (let r = 0; r < rowStep.length; r++)
        if (shared[r] === 1) at.rowPrice[r] = Math.max(0, at.rowPrice[r]! - (by * rowStep[r]!) / scale[r]!);
    }
    return { ...best, used };
  }

  /** What the relaxed conditions pay back, cents. */
  private priced({ loanPrice, rowPrice }: CompositionMultipliers): number {
    let total = 0;
    for (const price of loanPrice) total += price;
    this.restrictions.bound.forEach((bound, r) => (total += this.shared[r] === 1 ? rowPrice[r]! * bound : 0));
    return total;
  }

  /** What each stage option earns its trade at multipliers, cents. */
  profits({ loanPrice, rowPrice }: CompositionMultipliers): Float64Array {
    const { stage, restrictions, shared, loanOf } = this;
    return stage.net.map((net, o) => {
      let profit = net - loanPrice[loanOf[o]!]!;
      for (let n = restrictions.start[o]!; n < restrictions.start[o + 1]!; n++) {
        const r = restrictions.row[n]!;
        if (shared[r] === 1) profit -= rowPrice[r]! * restrictions.coefficient[n]!;
      }
      return profit;
    });
  }
}
