import { type Standing } from './neighbourhood-model';
import { type Random } from '../random';
import { type Restrictions } from '../stage/restrictions';
import { type Stage } from '../stage/stage';

/** A loan that may move, and the options it may get for its own, -1 = staying out. */
export interface Mover {
  readonly loan: number;
  readonly options: readonly number[];
}

/** A few trades and the loans that lose least by moving between them, or in and out; the least first. */
export interface ExchangeSet {
  readonly trades: readonly number[];
  readonly movers: readonly Mover[];
}

/** Share of the sets with three trades; the others have two. */
const THREE_SHARE = 0.3;
/** What a move loses counts up to so many times more, drawn, so that a set drawn again has other movers. */
const NOISE = 5;

interface Draft {
  readonly loan: number;
  readonly options: { readonly option: number; readonly loss: number }[];
  least: number;
}

/** Draws trades that loans move between at little loss by the guide, and these loans. */
export class ExchangeChoice {
  private readonly into: readonly (readonly number[])[];
  /** Trades with options, drawn in turn. */
  private readonly trades: readonly number[];
  private readonly link: Float64Array;
  private readonly inside: Uint8Array;
  private turn = 0;

  /**
   * @param guide reduced value of each stage option, cents
   * @param reach largest loss of a move, cents
   */
  constructor(
    private readonly stage: Stage,
    private readonly restrictions: Restrictions,
    private readonly guide: Float64Array,
    private readonly reach: number,
    private readonly random: Random,
  ) {
    const into = Array.from({ length: stage.tradeCount }, (): number[] => []);
    stage.trade.forEach((j, o) => into[j]!.push(o));
    this.into = into;
    this.trades = Array.from(into.keys()).filter((j) => into[j]!.length > 0);
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
    const { stage, link } = this;
    link.fill(0);
    for (const o of this.into[j]!) {
      const s = stage.loanOf[o]!;
      const current = from.option[s]!;
      if (current === o) {
        for (let other = stage.start[s]!; other < stage.start[s + 1]!; other++)
          if (other !== o && this.lossOf(o, other) <= this.reach) link[stage.trade[other]!]!++;
      } else if (current >= 0 && this.lossOf(current, o) <= this.reach) link[stage.trade[current]!]!++;
    }
    link[j] = 0;
  }

  private moversOf(trades: readonly number[], from: Standing): Mover[] {
    const { stage, inside } = this;
    const drafts = new Map<number, Draft>();
    for (const j of trades)
      for (const o of this.into[j]!) {
        const s = stage.loanOf[o]!;
        const current = from.option[s]!;
        if (current === o) this.propose(drafts, s, current, -1);
        else if (current < 0 || inside[stage.trade[current]!] === 1) this.propose(drafts, s, current, o);
      }
    return [...drafts.values()]
      .sort((a, b) => a.least - b.least || a.loan - b.loan)
      .map(({ loan, options }) => ({
        loan,
        options: options.sort((a, b) => a.loss - b.loss || a.option - b.option).map(({ option }) => option),
      }));
  }

  private propose(drafts: Map<number, Draft>, loan: number, current: number, option: number): void {
    const own = this.lossOf(current, option);
    if (own > this.reach || (option < 0 && this.restrictions.mustPlace[loan] === 1)) return;
    const loss = own > 0 ? own * (1 + NOISE * this.random.unit()) : own;
    const draft = drafts.get(loan);
    if (draft === undefined) drafts.set(loan, { loan, options: [{ option, loss }], least: loss });
    else {
      draft.options.push({ option, loss });
      draft.least = Math.min(draft.least, loss);
    }
  }

  /** What a move from one option to another (-1 = out) loses by the guide, cents; negative = it gains. */
  private lossOf(current: number, option: number): number {
    return (current < 0 ? 0 : this.guide[current]!) - (option < 0 ? 0 : this.guide[option]!);
  }
}
