import { type Checkpoint } from '../checkpoint';
import { Combinations } from './combinations';
import { ExchangeChoice, type Mover } from './exchange-choice';
import { type Random } from '../random';
import { type Restrictions } from '../stage/restrictions';
import { type Stage } from '../stage/stage';
import { type MutableStanding } from './standing';

/** Combinations listed of each half of the movers of a set: the square of it is what a set tries. */
const ENTRIES = 256;
/** An exchange must gain this, cents: more than the rounding of six pair-offs. */
const LEAST_GAIN = 4;
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

/**
 * Exchanges between two or three trades: of the loans that lose least by moving between them the best combination of
 * moves is found, however many loans it moves. The movers are split in halves, the combinations of each half are listed
 * by what the guide says they gain, and pairs of entries are tried until the guide proves that none is better: what the
 * fills and rows could gain beside it is known. So a set of 16 loans, 65,536 combinations, takes about a millisecond, and
 * fills come to their rooms by dollars where chains of a few loans leave thousands.
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
    this.choice = new ExchangeChoice(stage, restrictions, guide, reach, random);
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
   */
  improve(standing: MutableStanding, sets: number, checkpoint: Checkpoint): void {
    for (let n = 0; n < sets; n++) {
      if (n % BLOCK === 0) checkpoint(n / sets);
      const { trades, movers } = this.choice.draw(standing);
      const [first, second] = halved(movers);
      if (first.length + second.length >= 2) this.exchange(standing, trades, first, second);
    }
  }

  private exchange(
    standing: MutableStanding,
    trades: readonly number[],
    first: readonly Mover[],
    second: readonly Mover[],
  ): void {
    const { slotOfTrade, slotOfRow } = this;
    const rows = this.rowsOf([...first, ...second], standing);
    trades.forEach((j, slot) => (slotOfTrade[j] = slot));
    const [a, b] = this.halves;
    const books = { trades, rows, slotOfTrade, slotOfRow };
    a.list(first, standing, books);
    b.list(second, standing, books);
    const [x, y] = this.bestPair(standing, trades, rows);
    if (x >= 0) {
      const assign = (loan: number, option: number): void => standing.assign(loan, option);
      a.make(x, assign);
      b.make(y, assign);
    }
    for (const r of rows) slotOfRow[r] = -1;
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

  /** The combinations of the two halves that together gain most and miss nothing; -1 = none gains. */
  private bestPair(
    { fill, activity }: MutableStanding,
    trades: readonly number[],
    rows: readonly number[],
  ): [number, number] {
    const { stage, restrictions } = this;
    const { mustReach } = restrictions;
    const { room } = stage;
    const [a, b] = this.halves;
    const width = trades.length + rows.length;
    const owed = trades.reduce((sum, j) => sum + this.owedAt(j, fill[j]!), 0);
    const slack = this.slackOf(fill, activity, trades, rows);
    const start = trades.map((j) => fill[j]!);
    let best = LEAST_GAIN;
    let found: [number, number] = [-1, -1];
    for (let x = 0; x < a.count; x++) {
      if (a.gain[x]! + b.gain[0]! + slack <= best) break;
      const left = trades.map((_, d) => start[d]! + a.change[x * width + d]!);
      next: for (let y = 0; y < b.count; y++) {
        if (a.gain[x]! + b.gain[y]! + slack <= best) break;
        for (let d = 0; d < left.length; d++) {
          const now = left[d]! + b.change[y * width + d]!;
          if (now > room[trades[d]!]! || (now > 0 && now < mustReach[trades[d]!]!)) continue next;
        }
        let gained = a.value[x]! + b.value[y]! + owed;
        for (let d = 0; d < left.length; d++) gained -= this.owedAt(trades[d]!, left[d]! + b.change[y * width + d]!);
        if (gained <= best) continue;
        for (let d = left.length; d < width; d++) {
          const by = a.change[x * width + d]! + b.change[y * width + d]!;
          const r = rows[d - left.length]!;
          if (by > 0 && activity[r]! + by > restrictions.bound[r]!) continue next;
        }
        best = gained;
        found = [x, y];
      }
    }
    return found;
  }

  /** The pair-off of trade j at a fill without its rounding, cents. */
  private owedAt(j: number, fill: number): number {
    const { min, target, pairOffRate } = this.stage;
    return fill >= min[j]! ? 0 : (target[j]! - fill) * pairOffRate[j]! * 1e-10;
  }

  /** What trades and rows could at most gain by other fills and activities, at their prices, cents. */
  private slackOf(
    fill: Float64Array,
    activity: Float64Array,
    trades: readonly number[],
    rows: readonly number[],
  ): number {
    const { stage, restrictions, guidance } = this;
    let slack = 0;
    for (const j of trades) {
      const worth = (at: number): number => guidance.price[j]! * 1e-10 * at - this.owedAt(j, at);
      const corners = [
        stage.baseFill[j]!,
        stage.min[j]! - 1,
        stage.min[j]!,
        restrictions.mustReach[j]!,
        stage.room[j]!,
      ];
      const allowed = corners.filter((at) => at >= stage.baseFill[j]! && at <= stage.room[j]!);
      slack += Math.max(...allowed.map(worth)) - worth(fill[j]!);
    }
    for (const r of rows) slack += guidance.rowPrice[r]! * Math.max(0, restrictions.bound[r]! - activity[r]!);
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
