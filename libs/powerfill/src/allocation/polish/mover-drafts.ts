import { type Stage } from '../stage/stage';

/** A loan that may move, and the options it may get for its own, -1 = staying out; what loses least comes first. */
export interface Mover {
  readonly loan: number;
  readonly options: readonly number[];
}

/** Moves proposed of many loans, of which only those of the few that lose least are wanted. Reused from set to set. */
export class MoverDrafts {
  private count = 0;
  private readonly loan: Int32Array;
  /** What the best move of each draft loses. */
  private readonly least: Float64Array;
  /** The move proposed last for each draft; -1 = none. */
  private readonly last: Int32Array;
  /** Each loan's draft; -1 = none. */
  private readonly draftOf: Int32Array;
  private moves = 0;
  private readonly option: Int32Array;
  private readonly loss: Float64Array;
  /** The move proposed before it for the same draft. */
  private readonly before: Int32Array;

  constructor(stage: Stage) {
    const loans = stage.loans.length;
    this.loan = new Int32Array(loans);
    this.least = new Float64Array(loans);
    this.last = new Int32Array(loans);
    this.draftOf = new Int32Array(loans).fill(-1);
    this.option = new Int32Array(stage.trade.length);
    this.loss = new Float64Array(stage.trade.length);
    this.before = new Int32Array(stage.trade.length);
  }

  clear(): void {
    for (let n = 0; n < this.count; n++) this.draftOf[this.loan[n]!] = -1;
    this.count = 0;
    this.moves = 0;
  }

  /** Proposes a move; of each option of the stage at most one, and one for staying out in place of its own. */
  propose(loan: number, option: number, loss: number): void {
    let draft = this.draftOf[loan]!;
    if (draft < 0) {
      draft = this.draftOf[loan] = this.count++;
      this.loan[draft] = loan;
      this.least[draft] = loss;
      this.last[draft] = -1;
    } else if (loss < this.least[draft]!) this.least[draft] = loss;
    const move = this.moves++;
    this.option[move] = option;
    this.loss[move] = loss;
    this.before[move] = this.last[draft]!;
    this.last[draft] = move;
  }

  /** The loans that lose least by their best move, the least first. */
  first(most: number): Mover[] {
    const chosen: number[] = [];
    for (let draft = 0; draft < this.count; draft++) {
      let at = chosen.length;
      while (at > 0 && this.precedes(draft, chosen[at - 1]!)) at--;
      if (at === most) continue;
      chosen.splice(at, 0, draft);
      if (chosen.length > most) chosen.pop();
    }
    return chosen.map((draft) => ({ loan: this.loan[draft]!, options: this.optionsOf(draft) }));
  }

  private precedes(a: number, b: number): boolean {
    const less = this.least[a]! - this.least[b]!;
    return less < 0 || (less === 0 && this.loan[a]! < this.loan[b]!);
  }

  private optionsOf(draft: number): number[] {
    const moves: number[] = [];
    for (let move = this.last[draft]!; move >= 0; move = this.before[move]!) moves.push(move);
    return moves
      .sort((a, b) => this.loss[a]! - this.loss[b]! || this.option[a]! - this.option[b]!)
      .map((move) => this.option[move]!);
  }
}
