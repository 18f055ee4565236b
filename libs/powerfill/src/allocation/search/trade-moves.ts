import { Chain } from './chain';
import { optionsOfTrades } from '../stage/options-of-trades';
import { type Penalties } from './penalties';
import { type Random } from '../random';
import { type Restrictions } from '../stage/restrictions';
import { type SearchState } from './search-state';

/** Loans an opened or closed trade may have. */
const MOST_LOANS = 64;

/**
 * Moves that open or close a trade with a minimum if used: between empty and the minimum no single loan can go without a
 * miss. To open one, the loans that lose least by the guide come until the minimum is reached; to close one, each of its
 * loans takes the best place it finds.
 */
export class TradeMoves {
  private readonly chain: Chain;
  /** Trades with a must_reach. */
  private readonly trades: Int32Array;
  /** Options of each trade. */
  private readonly into: readonly Int32Array[];
  private readonly worth: Float64Array;
  /** Of each option of a trade being opened, what its loan loses; Infinity = it does not come. */
  private readonly loss: Float64Array;

  /** @param guide reduced value of each stage option, cents */
  constructor(
    private readonly state: SearchState,
    private readonly restrictions: Restrictions,
    private readonly penalties: Penalties,
    guide: Float64Array,
    private readonly random: Random,
  ) {
    this.chain = new Chain(state, MOST_LOANS, penalties);
    this.trades = Int32Array.from(restrictions.mustReach.keys()).filter((j) => restrictions.mustReach[j]! > 0);
    this.worth = Float64Array.from(state.stageOption, (o) => guide[o]!);
    this.into = optionsOfTrades(state.trade, state.stage.tradeCount);
    this.loss = new Float64Array(this.into.reduce((most, options) => Math.max(most, options.length), 1));
  }

  /**
   * Tries one move.
   *
   * @param loss what it may lose for each loan it moves, cents
   * @returns the change of the objective, 0 when it is refused
   */
  move(loss: number): number {
    const { state, restrictions, random, trades } = this;
    if (trades.length === 0) return 0;
    const short = this.penalties.drawShort(random);
    const j = short >= 0 ? short : trades[random.below(trades.length)]!;
    if (state.stage.baseFill[j]! > 0 && state.fill[j]! >= restrictions.mustReach[j]!) return 0;
    this.chain.begin();
    const opens = state.fill[j] === 0 || (short >= 0 && random.unit() < 0.5);
    if (!(opens ? this.open(j) : this.close(j))) return this.chain.refuse();
    return this.chain.attempt(-loss * this.chain.moved) ? this.chain.gain : this.chain.refuse();
  }

  private open(j: number): boolean {
    const { state, chain, random, loss } = this;
    const { fill, amount, loanOf } = state;
    const into = this.into[j]!;
    const room = state.stage.room[j]!;
    const mustReach = this.restrictions.mustReach[j]!;
    const noise = 1 + random.unit();
    into.forEach((o, n) => {
      const comes = state.option[loanOf[o]!] !== o;
      loss[n] = comes ? this.lossInto(o) * (1 + noise * random.unit()) : Infinity;
    });
    for (let n = 0; n < into.length; n++) {
      const next = leastOf(loss, into.length);
      if (loss[next] === Infinity || (fill[j]! >= mustReach && loss[next]! >= 0)) break;
      loss[next] = Infinity;
      const p = loanOf[into[next]!]!;
      if (fill[j]! + amount[p]! > room) continue;
      if (chain.moved === chain.most) return false;
      chain.takeOut(p);
      chain.putIn(into[next]!);
    }
    return fill[j]! >= mustReach;
  }

  /** What its loan loses by the guide when it takes an option instead of what it has, cents. */
  private lossInto(o: number): number {
    const { state, chain, worth } = this;
    const p = state.loanOf[o]!;
    const current = state.option[p]!;
    return (current < 0 ? -chain.outCost(p) : worth[current]!) - worth[o]!;
  }

  private close(j: number): boolean {
    const { state, chain } = this;
    const count = state.memberCount[j]!;
    if (count === 0 || count > chain.most) return false;
    for (let n = count - 1; n >= 0; n--) {
      const q = state.members[j]![n]!;
      chain.takeOut(q);
      chain.findPlace(q, j);
      chain.putIn(chain.bestOption);
    }
    return true;
  }
}

/** Position of the least of the first entries; the first of equals. */
function leastOf(values: Float64Array, count: number): number {
  let least = 0;
  for (let n = 1; n < count; n++) if (values[n]! < values[least]!) least = n;
  return least;
}
