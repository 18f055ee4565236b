import { type Mover, MoverDrafts } from './mover-drafts';
import { type Standing } from './neighbourhood-model';
import { optionsOfTrades } from '../stage/options-of-trades';
import { type Random } from '../random';
import { type Restrictions } from '../stage/restrictions';
import { type Stage } from '../stage/stage';

/** A few trades and the loans that lose least by moving between them, or in and out; the least first. */
export interface ExchangeSet {
  readonly trades: readonly number[];
  readonly movers: readonly Mover[];
}

/** Share of the sets with three trades; the others have two. */
const THREE_SHARE = 0.3;
/** What a move loses counts up to so many times more, drawn, so that a set drawn again has other movers. */
const NOISE = 5;

/** The options of a trade, with their loans and what the guide says they are worth, cents. */
interface Offers {
  readonly option: Int32Array;
  readonly loan: Int32Array;
  readonly worth: Float64Array;
}

/** Draws trades that loans move between at little loss by the guide, and these loans. */
export class ExchangeChoice {
  private readonly into: readonly Offers[];
  private readonly drafts: MoverDrafts;
  /** Trades with options, drawn in turn. */
  private readonly trades: readonly number[];
  private readonly link: Float64Array;
  private readonly inside: Uint8Array;
  private turn = 0;

  /**
   * @param guide reduced value of each stage option, cents
   * @param reach largest loss of a move, cents
   * @param mostMovers of a set
   */
  constructor(
    private readonly stage: Stage,
    private readonly restrictions: Restrictions,
    private readonly guide: Float64Array,
    private readonly reach: number,
    private readonly random: Random,
    private readonly mostMovers: number,
  ) {
    this.into = optionsOfTrades(stage.trade, stage.tradeCount).map((option) => ({
      option,
      loan: option.map((o) => stage.loanOf[o]!),
      worth: Float64Array.from(option, (o) => guide[o]!),
    }));
    this.trades = Array.from(this.into.keys()).filter((j) => this.into[j]!.option.length > 0);
    this.drafts = new MoverDrafts(stage);
    this.link = new Float64Array(stage.tradeCount);
    this.inside = new Uint8Array(stage.tradeCount);
  }

  draw(from: Standing): ExchangeSet {
    const { link, inside, random } = this;
    const first = this.trades[this.turn++ % this.trades.length]!;
    const trades = [first];
    this.linkTo(first, from);
    inside[first] = 1;
    for (const most = random.unit() < THREE_SHARE ? 3 : 2; trades.length < most;) {
      const next = random.index(link);
      if (next < 0) break;
      link[next] = 0;
      inside[next] = 1;
      trades.push(next);
    }
    const movers = this.moversOf(trades, from);
    for (const j of trades) inside[j] = 0;
    return { trades, movers };
  }

  /** Weighs every other trade by the loans that may move between it and trade j. */
  private linkTo(j: number, from: Standing): void {
    const { stage, link, guide, reach } = this;
    link.fill(0);
    const { option, loan, worth } = this.into[j]!;
    for (let n = 0; n < option.length; n++) {
      const s = loan[n]!;
      const current = from.option[s]!;
      if (current === option[n]) {
        for (let other = stage.start[s]!; other < stage.start[s + 1]!; other++)
          if (other !== current && worth[n]! - guide[other]! <= reach) link[stage.trade[other]!]!++;
      } else if (current >= 0 && guide[current]! - worth[n]! <= reach) link[stage.trade[current]!]!++;
    }
    link[j] = 0;
  }

  private moversOf(trades: readonly number[], from: Standing): Mover[] {
    const { stage, inside, guide, reach, drafts } = this;
    const { mustPlace } = this.restrictions;
    drafts.clear();
    for (const j of trades) {
      const { option, loan, worth } = this.into[j]!;
      for (let n = 0; n < option.length; n++) {
        const s = loan[n]!;
        const current = from.option[s]!;
        if (current === option[n]) {
          if (worth[n]! <= reach && mustPlace[s] === 0) drafts.propose(s, -1, this.weighed(worth[n]!));
          continue;
        }
        const loss = (current < 0 ? 0 : guide[current]!) - worth[n]!;
        if (loss <= reach && (current < 0 || inside[stage.trade[current]!] === 1))
          drafts.propose(s, option[n]!, this.weighed(loss));
      }
    }
    return drafts.first(this.mostMovers);
  }

  /** @param loss what a move loses by the guide, cents; negative = it gains */
  private weighed(loss: number): number {
    return loss > 0 ? loss * (1 + NOISE * this.random.unit()) : loss;
  }
}
