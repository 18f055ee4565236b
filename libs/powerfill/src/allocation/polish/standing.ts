import { pairOff } from '../problem/pair-off';
import { type MissCharges, type Standing } from './neighbourhood-model';
import { type Restrictions } from '../stage/restrictions';
import { type Stage, type StageAssignment } from '../stage/stage';

/** An assignment of a stage that moves on, with the books of its fills and rows, and what it misses. */
export class MutableStanding implements Standing {
  readonly option: Int32Array;
  readonly fill: Float64Array;
  readonly activity: Float64Array;

  constructor(
    private readonly stage: Stage,
    private readonly restrictions: Restrictions,
    private readonly charges: MissCharges,
    from: StageAssignment,
  ) {
    this.option = new Int32Array(stage.loans.length).fill(-1);
    this.fill = stage.baseFill.slice();
    this.activity = new Float64Array(restrictions.rowCount);
    from.option.forEach((o, s) => this.assign(s, o));
  }

  assign(s: number, o: number): void {
    if (this.option[s]! >= 0) this.enter(s, this.option[s]!, -1);
    if (o >= 0) this.enter(s, o, 1);
    this.option[s] = o;
  }

  /** Takes over another assignment of the stage. */
  load({ option }: StageAssignment): void {
    option.forEach((o, s) => {
      if (o !== this.option[s]) this.assign(s, o);
    });
  }

  /** Value less pair-off, cents. */
  objective(): number {
    let total = 0;
    for (const o of this.option) if (o >= 0) total += this.stage.net[o]!;
    for (let j = 0; j < this.stage.tradeCount; j++) total -= pairOff(this.stage, j, this.fill[j]!);
    return total;
  }

  /** Charges for all that is missed, cents; 0 = nothing is. */
  missed(): number {
    const { stage, restrictions, charges } = this;
    let total = 0;
    for (let r = 0; r < restrictions.rowCount; r++)
      total += Math.max(0, this.activity[r]! - restrictions.bound[r]!) * charges.row[r]!;
    for (let j = 0; j < stage.tradeCount; j++) {
      const missing = restrictions.mustReach[j]! - this.fill[j]!;
      if (this.fill[j]! > 0 && missing > 0) total += missing * charges.reach;
      // Rooms are never left for anything.
      if (this.fill[j]! > stage.room[j]!) total = Infinity;
    }
    for (let s = 0; s < stage.loans.length; s++)
      if (restrictions.mustPlace[s] === 1 && this.option[s]! < 0) total += charges.out;
    return total;
  }

  /** The books as plain data, which change with it. */
  books(): Standing {
    return { option: this.option, fill: this.fill, activity: this.activity };
  }

  snapshot(): StageAssignment {
    return { option: this.option.slice(), fill: this.fill.slice() };
  }

  private enter(s: number, o: number, sign: 1 | -1): void {
    const { stage, restrictions } = this;
    this.fill[stage.trade[o]!]! += sign * stage.amount[s]!;
    for (let n = restrictions.start[o]!; n < restrictions.start[o + 1]!; n++)
      this.activity[restrictions.row[n]!]! += sign * restrictions.coefficient[n]!;
  }
}
