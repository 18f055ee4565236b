import { type Penalties } from './penalties';
import { type Random } from '../random';
import { type SearchState } from './search-state';

/** Draws in search of a loan that counts in a row. */
const DRAWS = 16;

/** Draws loans whose moves may mend what a searched assignment misses, or keep it from missing more. */
export class Mending {
  /** What `draw` found: the loan, and the option it should get, -1 = any other than its own. */
  loan = -1;
  option = -1;
  /** Search options that count in each row: `rowStart[r] .. rowStart[r + 1] - 1`. */
  private readonly rowStart: Int32Array;
  private readonly rowOption: Int32Array;
  private readonly rowCoefficient: Float64Array;

  constructor(
    private readonly state: SearchState,
    private readonly penalties: Penalties,
  ) {
    const { rowCount, start, row, coefficient } = penalties.restrictions;
    this.rowStart = new Int32Array(rowCount + 1);
    for (const r of row) this.rowStart[r + 1]!++;
    for (let r = 0; r < rowCount; r++) this.rowStart[r + 1]! += this.rowStart[r]!;
    this.rowOption = new Int32Array(row.length);
    this.rowCoefficient = new Float64Array(row.length);
    const next = this.rowStart.slice();
    state.stageOption.forEach((option, o) => {
      for (let n = start[option]!; n < start[option + 1]!; n++) {
        const at = next[row[n]!]!++;
        this.rowOption[at] = o;
        this.rowCoefficient[at] = coefficient[n]!;
      }
    });
  }

  /**
   * Draws a missed condition and a loan that may mend it: one that counts in a missed row, or one without a place. A trade
   * short of its must_reach is left to moves of its own.
   *
   * @returns whether `loan` and `option` are set
   */
  draw(random: Random): boolean {
    const { penalties } = this;
    const missed = penalties.drawMissed(random);
    if (missed < 0) return false;
    if (missed < penalties.firstTrade) return this.drawOfRow(missed, random);
    if (missed < penalties.firstLoan) return false;
    this.loan = missed - penalties.firstLoan;
    this.option = -1;
    return true;
  }

  /**
   * A placed loan other than p that counts in a row which adding an option of p would break.
   *
   * @returns -1: the option breaks no row, or none was found in a few draws
   */
  rivalOf(p: number, o: number, random: Random): number {
    const { penalties } = this;
    const { start, row, coefficient } = penalties.restrictions;
    const option = this.state.stageOption[o]!;
    const rows = start[option + 1]! - start[option]!;
    if (rows === 0) return -1;
    const first = random.below(rows);
    for (let n = 0; n < rows; n++) {
      const at = start[option]! + ((first + n) % rows);
      if (coefficient[at]! <= 0 || !penalties.isBroken(row[at]!, coefficient[at])) continue;
      const rival = this.drawCounted(row[at]!, p, random);
      if (rival >= 0) return rival;
    }
    return -1;
  }

  /** A loan that adds to the row leaves, or one that takes from it comes. */
  private drawOfRow(r: number, random: Random): boolean {
    const { state } = this;
    const count = this.rowStart[r + 1]! - this.rowStart[r]!;
    for (let n = 0; n < DRAWS; n++) {
      const at = this.rowStart[r]! + random.below(count);
      const o = this.rowOption[at]!;
      const held = state.option[state.loanOf[o]!] === o;
      if (held !== this.rowCoefficient[at]! > 0) continue;
      this.loan = state.loanOf[o]!;
      this.option = held ? -1 : o;
      return true;
    }
    return false;
  }

  /** A loan other than p that is placed where it adds to row r, or -1. */
  private drawCounted(r: number, p: number, random: Random): number {
    const { state } = this;
    const count = this.rowStart[r + 1]! - this.rowStart[r]!;
    for (let n = 0; n < DRAWS; n++) {
      const at = this.rowStart[r]! + random.below(count);
      const o = this.rowOption[at]!;
      const q = state.loanOf[o]!;
      if (q !== p && state.option[q] === o && this.rowCoefficient[at]! > 0) return q;
    }
    return -1;
  }
}
