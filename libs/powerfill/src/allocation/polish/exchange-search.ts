import { type Checkpoint } from '../checkpoint';
import { Combinations } from './combinations';
import { ExchangeChoice } from './exchange-choice';
import { type Mover } from './mover-drafts';
import { type Random } from '../random';
import { type Restrictions } from '../stage/restrictions';
import { type Stage } from '../stage/stage';
import { type MutableStanding } from './standing';

/** Combinations listed of each half of the movers of a set: the square of it is what a set tries. */
const ENTRIES = 256;
/** Movers that fill both halves: each at least doubles the combinations of its half. */
const MOST_MOVERS = 2 * Math.log2(ENTRIES);
/** An exchange must gain this, cents: more than the rounding of six pair-offs. */
const LEAST_GAIN = 4;
/** Share of the sets after which no loss is accepted any more. */
const DESCENT = 0.85;
/** Sets between two checkpoints. */
const BLOCK = 16;

/** Multipliers of a relaxation and the reduced value they give each stage option, cents. */
export interface Guidance {
  readonly guide: Float64Array;
  /** Per trade, 1e-8 point. */
  readonly price: Float64Array;
  /** Per row, cents per unit. */
  readonly rowPrice: Float64Array;
}

/** A combination of each half of the movers, by its place in the list, and what they gain together, cents; x = -1: none. */
interface Exchange {
  x: number;
  y: number;
  gain: number;
}

/** Terms of the trades of a set. */
interface TradeTerms {
  readonly room: Float64Array;
  readonly min: Float64Array;
  readonly target: Float64Array;
  readonly rate: Float64Array;
  readonly mustReach: Float64Array;
  /** What negative pair-offs could pay at most, cents. */
  readonly earned: number;
}

/**
 * Exchanges between two or three trades: of the loans that lose least by moving between them the best combination of
 * moves is found, however many loans it moves. The movers are split in halves, the combinations of each half are listed
 * by what the guide says they gain, and pairs of entries are tried until the guide proves that none is better: what the
 * fills and rows could gain beside it is known. So a set of 16 loans, 65,536 combinations, takes about a millisecond, and
 * fills come to their rooms by dollars where chains of a few loans leave thousands. Exchanges that lose a little are made
 * on the way: they bring other combinations within reach.
 */
export class ExchangeSearch {
  private readonly choice: ExchangeChoice;
  private readonly halves: readonly [Combinations, Combinations];
  private readonly slotOfTrade: Int32Array;
  private readonly slotOfRow: Int32Array;

  /** @param reach largest loss by the guide of a move, cents */
  constructor(
    private readonly stage: Stage,
    private readonly restrictions: Restrictions,
    private readonly guidance: Guidance,
    reach: number,
    random: Random,
  ) {
    const { guide } = guidance;
    this.choice = new ExchangeChoice(stage, restrictions, guide, reach, random, MOST_MOVERS);
    this.halves = [
      new Combinations(stage, restrictions, guide, ENTRIES),
      new Combinations(stage, restrictions, guide, ENTRIES),
    ];
    this.slotOfTrade = new Int32Array(stage.tradeCount).fill(-1);
    this.slotOfRow = new Int32Array(restrictions.rowCount).fill(-1);
  }

  /**
   * Improves a standing that misses nothing; it keeps missing nothing.
   *
   * @param sets sets of trades tried: the budget
   * @param loss what an exchange may lose at the start, cents; it falls to 0 on the way
   */
  improve(standing: MutableStanding, sets: number, loss: number, checkpoint: Checkpoint): void {
    let best = { objective: standing.objective(), assignment: standing.snapshot() };
    let gained = 0;
    for (let n = 0; n < sets; n++) {
      if (n % BLOCK === 0) checkpoint(n / sets);
      const left = 1 - n / sets / DESCENT;
      const least = loss === 0 || left <= 0 ? LEAST_GAIN : -loss * left * left;
      const { x, y, gain } = this.bestOfNextSet(standing, least);
      if (x < 0) continue;
      if (gain < 0 && gained > 0) {
        // What is gained leaves out the rounding of the pair-off.
        const objective = standing.objective();
        if (objective > best.objective) best = { objective, assignment: standing.snapshot() };
        gained = 0;
      }
      gained += gain;
      const assign = (loan: number, option: number): void => standing.assign(loan, option);
      this.halves[0].make(x, assign);
      this.halves[1].make(y, assign);
    }
    if (standing.objective() < best.objective) standing.load(best.assignment);
  }

  /** Draws a set and lists its combinations. */
  private bestOfNextSet(standing: MutableStanding, least: number): Exchange {
    const { trades, movers } = this.choice.draw(standing);
    const [first, second] = halved(movers);
    if (first.length + second.length < 2) return { x: -1, y: -1, gain: 0 };
    const { slotOfTrade, slotOfRow } = this;
    const rows = this.rowsOf([...first, ...second], standing);
    trades.forEach((j, slot) => (slotOfTrade[j] = slot));
    const books = { trades, rows, slotOfTrade, slotOfRow };
    this.halves[0].list(first, standing, books);
    this.halves[1].list(second, standing, books);
    for (const r of rows) slotOfRow[r] = -1;
    return this.bestPair(standing, trades, rows, least);
  }

  /** The rows that the movers count in, with their slots. */
  private rowsOf(movers: readonly Mover[], standing: MutableStanding): number[] {
    const { restrictions, slotOfRow } = this;
    const rows: number[] = [];
    const enter = (o: number): void => {
      if (o < 0) return;
      for (let n = restrictions.start[o]!; n < restrictions.start[o + 1]!; n++) {
        const r = restrictions.row[n]!;
        if (slotOfRow[r]! >= 0) continue;
        slotOfRow[r] = rows.length;
        rows.push(r);
      }
    };
    for (const { loan, options } of movers) {
      enter(standing.option[loan]!);
      options.forEach(enter);
    }
    return rows;
  }

  /** The exchange that gains most of those that gain more than `least` cents and miss nothing. */
  private bestPair(
    { fill, activity }: MutableStanding,
    trades: readonly number[],
    rows: readonly number[],
    least: number,
  ): Exchange {
    const { bound } = this.restrictions;
    const [a, b] = this.halves;
    const width = trades.length + rows.length;
    const terms = this.termsOf(trades);
    const { min, target, rate, mustReach } = terms;
    const owed = trades.reduce((sum, j) => sum + this.owedAt(j, fill[j]!), 0);
    const slack = this.slackOf(fill, activity, trades, rows, a.least, a.most);
    const stays = { x: a.idle(), y: b.idle() };
    const found = { x: -1, y: -1, gain: least };
    const { gain, value, change, count } = b;
    const left = new Float64Array(trades.length);
    const free = new Float64Array(trades.length);
    for (let x = 0; x < a.count; x++) {
      if (a.gain[x]! + gain[0]! + slack <= found.gain) break;
      const chosen = a.change.subarray(x * width, (x + 1) * width);
      // Once the one half is chosen, fills and rows may gain less.
      const slackLeft = this.slackOf(fill, activity, trades, rows, chosen, chosen);
      for (let d = 0; d < left.length; d++) {
        left[d] = fill[trades[d]!]! + chosen[d]!;
        free[d] = terms.room[d]! - left[d]!;
      }
      const ofChosen = a.value[x]! + owed;
      // Entries that gain no more by the guide, or are worth no more, cannot do it.
      let leastGain = found.gain - a.gain[x]! - slackLeft;
      let leastValue = found.gain - ofChosen - terms.earned;
      next: for (let y = 0; y < count; y++) {
        if (gain[y]! <= leastGain) break;
        if (value[y]! <= leastValue) continue;
        let gained = ofChosen + value[y]!;
        const at = y * width;
        for (let d = 0; d < left.length; d++) {
          const by = change[at + d]!;
          if (by > free[d]!) continue next;
          const now = left[d]! + by;
          if (now < min[d]!) gained -= (target[d]! - now) * rate[d]! * 1e-10;
        }
        if (gained <= found.gain || (x === stays.x && y === stays.y)) continue;
        for (let d = 0; d < left.length; d++) {
          const now = left[d]! + change[at + d]!;
          if (now > 0 && now < mustReach[d]!) continue next;
        }
        for (let d = left.length; d < width; d++) {
          const by = chosen[d]! + change[at + d]!;
          const r = rows[d - left.length]!;
          if (by > 0 && activity[r]! + by > bound[r]!) continue next;
        }
        found.x = x;
        found.y = y;
        found.gain = gained;
        leastGain = gained - a.gain[x]! - slackLeft;
        leastValue = gained - ofChosen - terms.earned;
      }
    }
    return found;
  }

  private termsOf(trades: readonly number[]): TradeTerms {
    const { room, min, target, pairOffRate } = this.stage;
    const of = (values: Float64Array): Float64Array => Float64Array.from(trades, (j) => values[j]!);
    return {
      room: of(room),
      min: of(min),
      target: of(target),
      rate: of(pairOffRate),
      mustReach: of(this.restrictions.mustReach),
      earned: trades.reduce((sum, j) => sum + Math.max(0, -target[j]! * pairOffRate[j]! * 1e-10), 0),
    };
  }

  /** The pair-off of trade j at a fill without its rounding, cents. */
  private owedAt(j: number, fill: number): number {
    const { min, target, pairOffRate } = this.stage;
    return fill >= min[j]! ? 0 : (target[j]! - fill) * pairOffRate[j]! * 1e-10;
  }

  /**
   * What trades and rows could at most gain by the fills and activities that the combinations lead to, at their prices,
   * cents; -Infinity where all leave a trade too little room.
   *
   * @param least what the first half takes from each book at most, and brings to it
   */
  private slackOf(
    fill: Float64Array,
    activity: Float64Array,
    trades: readonly number[],
    rows: readonly number[],
    least: Float64Array,
    most: Float64Array,
  ): number {
    const { stage, restrictions, guidance } = this;
    const other = this.halves[1];
    let slack = 0;
    for (let d = 0; d < trades.length; d++) {
      const j = trades[d]!;
      const price = guidance.price[j]! * 1e-10;
      const low = Math.max(stage.baseFill[j]!, fill[j]! + least[d]! + other.least[d]!);
      const high = Math.min(stage.room[j]!, fill[j]! + most[d]! + other.most[d]!);
      if (low > high) return -Infinity;
      const min = stage.min[j]!;
      let best = Math.max(price * low - this.owedAt(j, low), price * high - this.owedAt(j, high));
      if (min - 1 > low && min - 1 < high) best = Math.max(best, price * (min - 1) - this.owedAt(j, min - 1));
      if (min > low && min < high) best = Math.max(best, price * min);
      slack += best - price * fill[j]! + this.owedAt(j, fill[j]!);
    }
    for (let n = 0; n < rows.length; n++) {
      const r = rows[n]!;
      const d = trades.length + n;
      const left = Math.max(0, restrictions.bound[r]! - activity[r]!);
      slack += guidance.rowPrice[r]! * Math.min(left, most[d]! + other.most[d]!);
    }
    return slack;
  }
}

/** Splits movers in two halves of at most `ENTRIES` combinations each, the first movers first. */
function halved(movers: readonly Mover[]): [Mover[], Mover[]] {
  const halves: [Mover[], Mover[]] = [[], []];
  const count: [number, number] = [1, 1];
  for (const { loan, options } of movers) {
    const h = count[0] <= count[1] ? 0 : 1;
    const most = Math.floor(ENTRIES / count[h]) - 1;
    if (most < 1) break;
    const taken = options.slice(0, most);
    halves[h].push({ loan, options: taken });
    count[h] *= taken.length + 1;
  }
  return halves;
}
