import { Chain } from './chain';
import { Mending } from './mending';
import { type Penalties } from './penalties';
import { optionsOfTrades } from '../stage/options-of-trades';
import { type Random } from '../random';
import { type SearchState } from './search-state';

/** Loans one chain may move, the first included. */
const MAX_MOVED = 9;
/** Share of the moves that try any option of any loan, where conditions may force a loan far from its best. */
const WIDE_SHARE = 0.15;
/** Share of the moves into a trade with room that take another loan out all the same, where conditions may bind. */
const EXCHANGE_SHARE = 0.4;
/** While a condition is missed, share of the moves that start from it. */
const MEND_SHARE = 0.3;
/** Trades one chain may push a loan into beyond their room. */
const MAX_DEPTH = 3;
/** Share of the moves that start at a loan which loses much by the guide, where it is. */
const SORE_SHARE = 0.3;
/** Members of a full trade looked at to eject one: the one that loses least elsewhere goes. */
const EJECT_SAMPLES = 3;
/** Share of the chains that leave a trade short for which a loan is sought to pull in there, and loans looked at for it. */
const PULL_SHARE = 0.3;
const PULLS = 4;

/**
 * Draws, judges and makes the moves of the local search. A move gives a loan another option near its best reduced
 * value. Where the trade is full, one loan (now and then several) is ejected; the last one ejected takes the best place
 * it finds - the place just left makes it a swap, staying out a replacement - or is pushed into another full trade, from
 * which the chain goes on. Where the chain leaves a trade short of its min, one more loan is pulled in there to save the
 * pair-off.
 */
export class ChainMoves {
  /** Loss a move may make, cents; 0 accepts no loss. */
  temperature = 0;
  /** No loan has a choice. */
  readonly idle: boolean;
  /** Loans with something to choose, and their near options (-1 = stay out). */
  private readonly active: Int32Array;
  private readonly nearStart: Int32Array;
  private readonly near: Int32Array;
  /** Near options of each trade, by ascending amount. */
  private readonly pull: readonly Int32Array[];
  private readonly loanOf: Int32Array;
  /** What the guide gives each option, and each loan with its best choice, cents. */
  private readonly worth: Float64Array;
  private readonly best: Float64Array;
  /** What a loan loses by the guide when it must leave an option, cents; negative = it gains. */
  private readonly regret: Float64Array;
  /** Active loans that lose much by the guide where they are, as of the last `lookForSore`. */
  private readonly sore: Int32Array;
  private soreCount = 0;
  /** What each active loan loses by the guide, as of then. */
  private readonly loss: Float64Array;
  private readonly chain: Chain;
  private readonly mending: Mending | null;
  /** Whether this chain may pull a loan into a trade it leaves short. */
  private pulling = false;

  /**
   * @param guide reduced value of each stage option (`reducedValues`), cents
   * @param nearTie options that lose more than this by the guide are not tried, cents
   * @param penalties charged for missed conditions; null = there are none
   */
  constructor(
    private readonly state: SearchState,
    guide: Float64Array,
    nearTie: number,
    private readonly random: Random,
    private readonly penalties: Penalties | null = null,
  ) {
    this.chain = new Chain(state, MAX_MOVED, penalties);
    this.mending = penalties && new Mending(state, penalties);
    const { start, stageOption } = state;
    const active: number[] = [];
    const near: number[] = [];
    const nearStart = [0];
    this.worth = Float64Array.from(stageOption, (o) => guide[o]!);
    this.best = new Float64Array(state.loanCount);
    this.regret = new Float64Array(stageOption.length);
    for (let p = 0; p < state.loanCount; p++) {
      const out = -this.chain.outCost(p);
      let best = out;
      let second = -Infinity;
      for (let o = start[p]!; o < start[p + 1]!; o++) {
        second = Math.max(second, Math.min(best, this.worth[o]!));
        best = Math.max(best, this.worth[o]!);
      }
      this.best[p] = best;
      for (let o = start[p]!; o < start[p + 1]!; o++)
        this.regret[o] = this.worth[o]! - (this.worth[o]! < best ? best : second);
      const before = near.length;
      if (best - out <= nearTie) near.push(-1);
      for (let o = start[p]!; o < start[p + 1]!; o++) if (this.worth[o]! >= best - nearTie) near.push(o);
      if (near.length - before < 2 && state.option[p] === near[before]) near.length = before;
      else {
        active.push(p);
        nearStart.push(near.length);
      }
    }
    this.active = Int32Array.from(active);
    this.near = Int32Array.from(near);
    this.nearStart = Int32Array.from(nearStart);
    this.loanOf = state.loanOf;
    this.sore = new Int32Array(active.length);
    this.loss = new Float64Array(active.length);
    this.pull = optionsOfTrades(state.trade, state.stage.tradeCount, this.near);
    this.idle = penalties === null ? active.length === 0 : state.loanCount === 0;
  }

  /** Finds the loans that lose more than the average loser by the guide; a part of the next moves starts there. */
  lookForSore(): void {
    const { active, sore, loss } = this;
    let total = 0;
    let losers = 0;
    for (let n = 0; n < active.length; n++) {
      loss[n] = this.lossOf(active[n]!);
      if (loss[n]! <= 0) continue;
      total += loss[n]!;
      losers++;
    }
    this.soreCount = 0;
    for (let n = 0; n < active.length; n++) if (loss[n]! * losers > total) sore[this.soreCount++] = n;
  }

  /** What a loan loses by the guide against its best choice, cents. */
  private lossOf(p: number): number {
    const o = this.state.option[p]!;
    return this.best[p]! - (o < 0 ? -this.chain.outCost(p) : this.worth[o]!);
  }

  /** Tries one move; returns the change of the objective, cents, 0 when it is refused. */
  move(): number {
    const { state, random, chain } = this;
    let p: number;
    let o: number;
    if (chain.isRepairing() && random.unit() < MEND_SHARE && this.mending!.draw(random)) {
      p = this.mending!.loan;
      o = this.mending!.option;
      if (o < 0) o = state.start[p]! + random.below(state.start[p + 1]! - state.start[p]!);
    } else if (this.penalties !== null && (this.active.length === 0 || random.unit() < WIDE_SHARE)) {
      p = random.below(state.loanCount);
      o = state.start[p]! - 1 + random.below(state.start[p + 1]! - state.start[p]! + 1);
      if (o < state.start[p]!) o = -1;
    } else {
      const n =
        this.soreCount > 0 && random.unit() < SORE_SHARE
          ? this.sore[random.below(this.soreCount)]!
          : random.below(this.active.length);
      p = this.active[n]!;
      const first = this.nearStart[n]!;
      o = this.near[first + random.below(this.nearStart[n + 1]! - first)]!;
    }
    if (o === state.option[p]) return 0;
    chain.begin();
    const worst = -this.tolerance();
    this.pulling = random.unit() < PULL_SHARE;
    chain.takeOut(p);
    chain.putIn(o);
    if (o < 0) return chain.attempt(worst) || this.attemptWithPull(worst) ? chain.gain : chain.refuse();

    let full = state.trade[o]!;
    for (let depth = 0; depth < MAX_DEPTH; depth++) {
      let q = this.makeRoom(full);
      if (q === FITS && this.penalties !== null && depth === 0 && random.unit() < EXCHANGE_SHARE)
        q = this.ejectRival(full);
      if (q === FITS) return chain.attempt(worst) || this.attemptWithPull(worst) ? chain.gain : chain.refuse();
      if (q < 0) return chain.refuse();
      chain.findPlace(q, full);
      if (this.penalties !== null || chain.gain + chain.bestGain >= worst || (this.pulling && this.shortTrade() >= 0)) {
        chain.putIn(chain.bestOption);
        if (chain.attempt(worst) || this.attemptWithPull(worst)) return chain.gain;
        chain.takeBack();
      }
      const firstOption = state.start[q]!;
      const pushed = firstOption + random.below(state.start[q + 1]! - firstOption);
      if (state.trade[pushed] === full) return chain.refuse();
      full = state.trade[pushed]!;
      chain.putIn(pushed);
    }
    return chain.refuse();
  }

  /**
   * Ejects loans from a trade until it is within its room; all but the last take their best place at once.
   *
   * @returns the last loan ejected, still without a place; `FITS` when none had to go; `STUCK`
   */
  private makeRoom(full: number): number {
    const { state } = this;
    for (let ejected = 0; ejected < 5; ejected++) {
      const over = state.fill[full]! - state.stage.room[full]!;
      if (over <= 0) return FITS;
      if (this.chain.moved === MAX_MOVED) return STUCK;
      const q = this.pickMember(full, over);
      if (q < 0) return STUCK;
      this.chain.takeOut(q);
      if (state.amount[q]! >= over) return q;
      this.chain.findPlace(q, full);
      this.chain.putIn(this.chain.bestOption);
    }
    return STUCK;
  }

  /** A trade whose fill the chain took below its min, where that costs a pair-off; -1 = none. */
  private shortTrade(): number {
    const { state } = this;
    const { touched, change, touchedCount } = this.chain;
    const { min, pairOffRate } = state.stage;
    for (let n = 0; n < touchedCount; n++) {
      const j = touched[n]!;
      if (change[n]! < 0 && pairOffRate[j]! > 0 && state.fill[j]! < min[j]! && state.fill[j]! - change[n]! >= min[j]!)
        return j;
    }
    return -1;
  }

  /** Makes the chain with one more loan pulled into the trade it left short. */
  private attemptWithPull(worst: number): boolean {
    const { state, random } = this;
    const j = this.pulling ? this.shortTrade() : -1;
    if (j < 0 || this.chain.moved === MAX_MOVED) return false;
    const pull = this.pull[j]!;
    const first = this.firstPull(pull, state.stage.min[j]! - state.fill[j]!);
    const end = this.firstPull(pull, state.stage.room[j]! - state.fill[j]! + 1);
    if (first === end) return false;
    let pulled = -1;
    let pulledGain = worst - this.chain.gain;
    for (let n = 0; n < PULLS; n++) {
      const o = pull[first + random.below(end - first)]!;
      const q = this.loanOf[o]!;
      const from = state.option[q]!;
      if (o === from || this.chain.isMoved(q)) continue;
      const amount = state.amount[q]!;
      let gain = state.net[o]! + state.pairOffGain(j, amount);
      if (from < 0) gain += this.chain.outCost(q);
      else gain += state.pairOffGain(state.trade[from]!, -amount) - state.net[from]!;
      if (gain < pulledGain) continue;
      pulled = o;
      pulledGain = gain;
    }
    if (pulled < 0) return false;
    this.chain.takeOut(this.loanOf[pulled]!);
    this.chain.putIn(pulled);
    if (this.chain.attempt(worst)) return true;
    this.chain.takeBack();
    this.chain.putBack();
    return false;
  }

  /** Position of a trade's first near option whose loan has at least this amount. */
  private firstPull(pull: Int32Array, amount: number): number {
    const { state, loanOf } = this;
    let low = 0;
    let high = pull.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (state.amount[loanOf[pull[middle]!]!]! < amount) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Ejects a loan that counts in a row the first loan's new place breaks; if there is none, any loan of the trade. */
  private ejectRival(full: number): number {
    const q = this.mending!.rivalOf(this.chain.loans[0]!, this.chain.options[0]!, this.random);
    if (q < 0 || this.chain.isMoved(q)) return this.ejectAny(full);
    this.chain.takeOut(q);
    return q;
  }

  /** Ejects any loan of a trade, though it has room: where limits bind, loans must change places rather than join. */
  private ejectAny(k: number): number {
    const { state } = this;
    const count = state.memberCount[k]!;
    if (count === 0) return FITS;
    const q = state.members[k]![this.random.below(count)]!;
    if (this.chain.isMoved(q)) return FITS;
    this.chain.takeOut(q);
    return q;
  }

  /**
   * A loan of trade k, of a few drawn the one that loses least elsewhere by the guide: mostly ones of the smallest that
   * make room for `over`, now and then smaller ones.
   */
  private pickMember(k: number, over: number): number {
    const { state, random } = this;
    const from = state.positionOf(k, over);
    const count = state.memberCount[k]!;
    const smaller = from > 0 && (from === count || random.unit() < 0.15);
    if (!smaller && from === count) return STUCK;
    let picked = STUCK;
    let least = Infinity;
    for (let n = 0; n < EJECT_SAMPLES; n++) {
      const u = random.unit();
      const q = state.members[k]![smaller ? Math.floor(u * from) : from + Math.floor(u * u * u * (count - from))]!;
      const regret = this.regret[state.option[q]!]!;
      if (regret >= least || this.chain.isMoved(q)) continue;
      picked = q;
      least = regret;
    }
    return picked;
  }

  /** The loss this move may make: heavy-tailed, by arithmetic that is the same on every machine. */
  private tolerance(): number {
    if (this.temperature === 0) return 0;
    const u = this.random.unit();
    return (this.temperature * (1 - u)) / (u + 0.1);
  }
}

/** Answers of `makeRoom` beside a loan. */
const FITS = -1;
const STUCK = -2;
