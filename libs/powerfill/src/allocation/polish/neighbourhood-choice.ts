import { type CompositionLeads, lossesAgainst } from '../compositions/composition-leads';
import { type Neighbourhood, type Standing } from './neighbourhood-model';
import { bestWorths } from '../relaxation/option-worths';
import { optionsOfTrades } from '../stage/options-of-trades';
import { type Random } from '../random';
import { type Restrictions } from '../stage/restrictions';
import { type Stage } from '../stage/stage';

/** While something is missed, share of the neighbourhoods that start there. */
const MISSED_SHARE = 0.8;
/** An option that loses all it may links two trades this many times weaker than one that loses nothing. */
const WEAKEST_LINK = 4;

/** Share of the neighbourhoods that start from what a trade would choose. */
const LED_SHARE = 0.5;

/**
 * Draws neighbourhoods: a seed trade, likelier the more its loans and its room lose against the guide, and the trades
 * its near ties lead to; while something is missed, a trade that has to do with it. Where it is known what the trades would
 * choose, half of them start at a trade that earns less than it could, likelier the more, with all its choice: a trade
 * that stands empty and should not, for instance, has no loan whose loss would lead there.
 */
export class NeighbourhoodChoice {
  /** Per option what it loses against the best the guide has for its loan, cents. */
  private readonly loss: Float64Array;
  /** Options into each trade. */
  private readonly into: readonly Int32Array[];
  private readonly inside: Uint8Array;
  /** 1 per option that the last draw takes in whatever it loses. */
  private readonly wanted: Uint8Array;

  constructor(
    private readonly stage: Stage,
    private readonly restrictions: Restrictions,
    guide: Float64Array,
    private readonly random: Random,
    private readonly leads: CompositionLeads | null = null,
  ) {
    const { trade, tradeCount, loanOf } = stage;
    const best = bestWorths(stage, restrictions, guide);
    this.loss = guide.map((worth, o) => best[loanOf[o]!]! - worth);
    this.into = optionsOfTrades(trade, tradeCount);
    this.inside = new Uint8Array(tradeCount);
    this.wanted = new Uint8Array(guide.length);
  }

  /**
   * @param size options it should have
   * @param reach largest loss of an option it has, cents
   */
  draw(from: Standing, size: number, reach: number): Neighbourhood {
    this.inside.fill(0);
    this.wanted.fill(0);
    const trades: number[] = [];
    const link = new Float64Array(this.stage.tradeCount);
    let count = 0;
    const enter = (j: number): void => {
      this.inside[j] = 1;
      trades.push(j);
      count += this.join(j, from, reach, link);
    };
    const led = this.leadingTrade(from);
    if (led < 0) enter(this.seed(from));
    else {
      const chosen = this.leads!.compositions[led]!.options;
      for (const o of chosen) this.wanted[o] = 1;
      enter(led);
      for (const o of chosen) {
        const current = from.option[this.stage.loanOf[o]!]!;
        if (current >= 0 && count < size && this.inside[this.stage.trade[current]!] === 0)
          enter(this.stage.trade[current]!);
      }
    }
    while (count < size) {
      const next = this.pick(link);
      if (next < 0) break;
      enter(next);
    }
    return this.collect(trades, from, reach);
  }

  /** Adds what a trade is linked to; returns about how many options it brings. */
  private join(j: number, from: Standing, reach: number, link: Float64Array): number {
    const { stage, loss, inside } = this;
    let count = 0;
    for (const o of this.into[j]!) {
      const s = stage.loanOf[o]!;
      const current = from.option[s]!;
      if (current === o) {
        for (let other = stage.start[s]!; other < stage.start[s + 1]!; other++) {
          if (other === o || !this.isTaken(other, reach)) continue;
          const k = stage.trade[other]!;
          if (inside[k] === 1) count++;
          else link[k]! += 1 / (1 + (WEAKEST_LINK * loss[other]!) / reach);
        }
        count++;
      } else if (this.isTaken(o, reach)) {
        if (current < 0) count++;
        else if (inside[stage.trade[current]!] === 1) count++;
        else link[stage.trade[current]!]! += 1 / (1 + (WEAKEST_LINK * loss[o]!) / reach);
      }
    }
    link[j] = 0;
    return count;
  }

  /** Whether an option is taken into the draw: it loses little, or is wanted all the same. */
  private isTaken(o: number, reach: number): boolean {
    return this.loss[o]! <= reach || this.wanted[o] === 1;
  }

  /** A trade outside, drawn by the square of its link. */
  private pick(link: Float64Array): number {
    const { inside } = this;
    return this.random.index(link.map((w, j) => (inside[j] === 1 ? 0 : w * w)));
  }

  /** A trade that earns less than what it would choose, likelier the more; -1: none is to lead this draw. */
  private leadingTrade(from: Standing): number {
    const { stage, leads, random } = this;
    if (leads === null || random.unit() >= LED_SHARE) return -1;
    const lost = lossesAgainst(leads, stage, from);
    return random.index(lost.map((cents) => Math.sqrt(Math.max(0, cents))));
  }

  private seed(from: Standing): number {
    const missed = this.tradesThatMiss(from);
    const { stage, random } = this;
    if (missed.length > 0 && random.unit() < MISSED_SHARE) return missed[random.below(missed.length)]!;
    const weight = new Float64Array(stage.tradeCount).fill(1);
    for (let s = 0; s < stage.loans.length; s++) {
      const o = from.option[s]!;
      if (o >= 0) weight[stage.trade[o]!]! += Math.sqrt(this.loss[o]!);
    }
    return this.random.index(weight);
  }

  /** Trades short of a must_reach, of loans without a place, and of what counts in one missed row, drawn. */
  private tradesThatMiss(from: Standing): number[] {
    const { stage, restrictions } = this;
    const trades: number[] = [];
    for (let j = 0; j < stage.tradeCount; j++)
      if (from.fill[j]! > 0 && from.fill[j]! < restrictions.mustReach[j]!) trades.push(j);
    for (let s = 0; s < stage.loans.length; s++) {
      if (restrictions.mustPlace[s] === 0 || from.option[s]! >= 0) continue;
      for (let o = stage.start[s]!; o < stage.start[s + 1]!; o++) trades.push(stage.trade[o]!);
    }
    const rows: number[] = [];
    for (let r = 0; r < restrictions.rowCount; r++) if (from.activity[r]! > restrictions.bound[r]!) rows.push(r);
    if (rows.length === 0) return trades;
    const row = rows[this.random.below(rows.length)]!;
    for (let s = 0; s < stage.loans.length; s++) {
      const o = from.option[s]!;
      if (o < 0) continue;
      for (let n = restrictions.start[o]!; n < restrictions.start[o + 1]!; n++)
        if (restrictions.row[n] === row && restrictions.coefficient[n]! > 0) trades.push(stage.trade[o]!);
    }
    return trades;
  }

  private collect(trades: readonly number[], from: Standing, reach: number): Neighbourhood {
    const { stage, inside } = this;
    const loans: number[] = [];
    const options: number[][] = [];
    const seen = new Set<number>();
    for (const j of trades)
      for (const o of this.into[j]!) {
        const s = stage.loanOf[o]!;
        if (seen.has(s)) continue;
        seen.add(s);
        const current = from.option[s]!;
        if (current >= 0 && inside[stage.trade[current]!] === 0) continue;
        const own: number[] = [];
        for (let o = stage.start[s]!; o < stage.start[s + 1]!; o++)
          if (o === current || (inside[stage.trade[o]!] === 1 && this.isTaken(o, reach))) own.push(o);
        if (own.length === 0 || (own.length === 1 && current >= 0 && this.restrictions.mustPlace[s] === 1)) continue;
        loans.push(s);
        options.push(own);
      }
    return { loans, options };
  }
}
