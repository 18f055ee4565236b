import { bestPair, type Exchange } from './best-pair';
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

/**
 * Exchanges between two or three trades: of the loans that lose least by moving between them the best combination of
 * moves is found, however many loans it moves. The movers are split in halves, the combinations of each half are listed
 * by what the guide says they gain, and pairs of entries are tried until the guide proves that none is better
 * (`bestPair`). So 16 loans, 65,536 combinations, take a fraction of a millisecond, and fills come to their rooms by dollars
 * where chains of a few loans leave thousands. Exchanges that lose a little are made on the way: they bring other
 * combinations within reach.
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
    return bestPair(this.stage, this.restrictions, this.guidance, this.halves, standing, trades, rows, least);
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
