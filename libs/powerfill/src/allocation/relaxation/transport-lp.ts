import { type Checkpoint } from '../checkpoint';
import { pairOff } from '../problem/pair-off';
import { PairHeap } from './pair-heap';
import { type Stage } from '../stage/stage';
import { type EnvelopeSegment, pairOffEnvelope } from '../stage/trade-envelope';

/** Optimum of the linear relaxation of a stage. */
export interface TransportSolution {
  /** Price of each trade's room, 1e-8 point of 100 par. */
  readonly price: Float64Array;
  /** Cents of each option's loan that the relaxation places there; at most one loan a trade is split. */
  readonly flow: Float64Array;
  /** Optimum of the relaxation in cents, up to rounding: what `lagrangianBound` certifies at these prices. */
  readonly value: number;
}

/**
 * Solves the linear relaxation exactly: placing dollars of loans into trades is a transportation problem with few
 * sinks, once the pair-off cost is replaced by its concave envelope. Loans enter one after the other, each along the
 * cheapest chain "the loan takes a place, a dollar of another loan moves on, ... until there is room or a dollar stays
 * out" (successive shortest paths over the trades, Dijkstra with the trades' prices as potentials).
 *
 * @param mustReach least fill of a used trade, cents; null = none has one
 */
export function solveTransport(
  stage: Stage,
  checkpoint: Checkpoint,
  mustReach: Float64Array | null = null,
): TransportSolution {
  const network = new TransportNetwork(stage, mustReach);
  const count = stage.loans.length;
  for (let s = 0; s < count; s++) {
    if (s % 64 === 0) checkpoint(s / count);
    network.insert(s);
  }
  return { price: network.pricesInRateUnits(), flow: network.flow, value: network.value() };
}

class TransportNetwork {
  readonly flow: Float64Array;
  /** Value per cent of each option. */
  private readonly unit: Float64Array;
  private readonly m: number;
  /** Price per cent of each trade; the last entry is staying out, always 0. */
  private readonly price: Float64Array;
  private readonly segments: EnvelopeSegment[][];
  private readonly segment: Int32Array;
  private readonly segmentLeft: Float64Array;
  /** Where moves from each trade go (m: out), in the order in which a loan first made them possible. */
  private readonly targets: readonly number[][];
  /** What a cent at least loses by each of these moves; Infinity where no loan can make it now. */
  private readonly losses: readonly number[][];
  /** The move from trade j to k, at `j * (m + 1) + k`. */
  private readonly moveTo: (Move | undefined)[];
  /** Length of the shortest chain into each trade, and out, of those found so far. */
  private readonly distance: Float64Array;
  /** The same for the trades it has not gone on from; Infinity for the others. */
  private readonly open: Float64Array;
  /** The trade before on that chain; -1 = the new loan enters there itself. */
  private readonly before: Int32Array;
  /** Trades that chains went on from. */
  private readonly passed: Int32Array;
  /** How the chain enters each trade on it: the option gained, and the option given up for it (-1: the new loan). */
  private readonly gained: Int32Array;
  private readonly given: Int32Array;

  constructor(
    private readonly stage: Stage,
    mustReach: Float64Array | null,
  ) {
    const { net, amount, loanOf } = stage;
    const m = stage.tradeCount;
    this.m = m;
    this.flow = new Float64Array(net.length);
    this.unit = net.map((value, o) => value / amount[loanOf[o]!]!);
    this.price = new Float64Array(m + 1);
    this.segments = Array.from({ length: m }, (_, j) =>
      pairOffEnvelope(stage, j, stage.baseFill[j]!, stage.room[j]!, mustReach?.[j] ?? 0),
    );
    this.segment = new Int32Array(m);
    this.segmentLeft = Float64Array.from(this.segments, (list) => list[0]?.length ?? 0);
    for (let j = 0; j < m; j++) this.price[j] = -(this.segments[j]![0]?.slope ?? 0);
    this.targets = Array.from({ length: m }, () => []);
    this.losses = Array.from({ length: m }, () => []);
    this.moveTo = new Array<Move | undefined>(m * (m + 1));
    this.distance = new Float64Array(m + 1);
    this.open = new Float64Array(m + 1);
    this.before = new Int32Array(m + 1);
    this.passed = new Int32Array(m);
    this.gained = new Int32Array(m + 1);
    this.given = new Int32Array(m + 1);
  }

  pricesInRateUnits(): Float64Array {
    return this.price.slice(0, this.m).map((price) => price * 1e10);
  }

  /** Value of the flow less the relaxed pair-off cost at its fills. */
  value(): number {
    let total = 0;
    for (let o = 0; o < this.flow.length; o++) total += this.flow[o]! * this.unit[o]!;
    for (let j = 0; j < this.m; j++) {
      total -= pairOff(this.stage, j, this.stage.baseFill[j]!);
      this.segments[j]!.forEach(({ length, slope }, n) => {
        const used = n < this.segment[j]! ? length : n === this.segment[j] ? length - this.segmentLeft[j]! : 0;
        total += used * slope;
      });
    }
    return total;
  }

  /** Places all cents of loan s, each along the best chain there is. */
  insert(s: number): void {
    let left = this.stage.amount[s]!;
    while (left > 0) {
      const end = this.shortestChain(s);
      left -= this.push(end, left);
    }
  }

  /** Dijkstra from loan s to the first trade with room, or to staying out (m); updates the prices. */
  private shortestChain(s: number): number {
    const { m, distance, open, before, passed, price, unit } = this;
    const { start, trade } = this.stage;
    distance.fill(Infinity);
    open.fill(Infinity);
    let top = 0;
    for (let o = start[s]!; o < start[s + 1]!; o++) top = Math.max(top, unit[o]! - price[trade[o]!]!);
    distance[m] = top;
    before[m] = -1;
    this.gained[m] = -1;
    for (let o = start[s]!; o < start[s + 1]!; o++) {
      const j = trade[o]!;
      distance[j] = open[j] = top - (unit[o]! - price[j]!);
      before[j] = -1;
      this.gained[j] = o;
    }
    let count = 0;
    let end = m;
    let endDistance = top;
    for (;;) {
      let j = -1;
      let nearest = endDistance;
      for (let k = 0; k < m; k++)
        if (open[k]! < nearest) {
          nearest = open[k]!;
          j = k;
        }
      if (j < 0) break;
      open[j] = Infinity;
      passed[count++] = j;
      if (this.segmentLeft[j]! > 0) {
        const total = nearest - Math.min(0, price[j]! + this.segments[j]![this.segment[j]!]!.slope);
        if (total < endDistance) {
          end = j;
          endDistance = total;
        }
      }
      const targets = this.targets[j]!;
      const losses = this.losses[j]!;
      for (let n = 0; n < losses.length; n++) {
        const k = targets[n]!;
        const through = nearest + Math.max(0, losses[n]! - price[j]! + price[k]!);
        if (through >= distance[k]! || through >= endDistance) continue;
        distance[k] = through;
        before[k] = j;
        if (k === m) {
          end = m;
          endDistance = through;
        } else open[k] = through;
      }
    }
    for (let n = 0; n < count; n++) price[passed[n]!]! += Math.max(0, endDistance - distance[passed[n]!]!);
    return end;
  }

  /** Moves as many cents as the chain to `end` carries. */
  private push(end: number, left: number): number {
    const { flow, gained, given, before } = this;
    let amount = left;
    if (end < this.m) amount = Math.min(amount, this.segmentLeft[end]!);
    let k = end;
    for (; before[k]! >= 0; k = before[k]!) {
      const { heap } = this.moveTo[before[k]! * (this.m + 1) + k]!;
      heap.top(flow);
      gained[k] = heap.topTo;
      given[k] = heap.topFrom;
      amount = Math.min(amount, flow[heap.topFrom]!);
    }
    given[k] = -1;
    for (k = end; ; k = before[k]!) {
      const to = gained[k]!;
      if (to >= 0) {
        flow[to]! += amount;
        if (flow[to] === amount) this.list(to);
      }
      const from = given[k]!;
      if (from < 0) break;
      flow[from]! -= amount;
      if (flow[from] === 0) this.unlist(from);
    }
    if (end < this.m) {
      this.segmentLeft[end]! -= amount;
      while (this.segmentLeft[end] === 0 && this.segment[end]! + 1 < this.segments[end]!.length)
        this.segmentLeft[end] = this.segments[end]![++this.segment[end]!]!.length;
    }
    return amount;
  }

  /** Enters an option that begins to hold cents into the moves it makes possible. */
  private list(o: number): void {
    const { start, trade, loanOf } = this.stage;
    const j = trade[o]!;
    const s = loanOf[o]!;
    this.offer(j, this.m, this.unit[o]!, o, -1);
    for (let other = start[s]!; other < start[s + 1]!; other++)
      if (other !== o) this.offer(j, trade[other]!, this.unit[o]! - this.unit[other]!, o, other);
  }

  private offer(j: number, k: number, loss: number, from: number, to: number): void {
    const losses = this.losses[j]!;
    const { place, heap } = this.move(j, k);
    heap.add(loss, from, to);
    if (loss < losses[place]!) losses[place] = loss;
  }

  /** Takes an option that holds no cents any more out of these moves. */
  private unlist(o: number): void {
    const { start, trade, loanOf } = this.stage;
    const j = trade[o]!;
    const s = loanOf[o]!;
    this.refresh(j, this.m);
    for (let other = start[s]!; other < start[s + 1]!; other++) if (other !== o) this.refresh(j, trade[other]!);
  }

  private refresh(j: number, k: number): void {
    const { place, heap } = this.moveTo[j * (this.m + 1) + k]!;
    this.losses[j]![place] = heap.top(this.flow);
  }

  private move(j: number, k: number): Move {
    const n = j * (this.m + 1) + k;
    const known = this.moveTo[n];
    if (known !== undefined) return known;
    const move = { place: this.targets[j]!.length, heap: new PairHeap() };
    this.moveTo[n] = move;
    this.targets[j]!.push(k);
    this.losses[j]!.push(Infinity);
    return move;
  }
}

/** A move of cents from one trade to another, or out. */
interface Move {
  /** Its place among the moves from its trade. */
  readonly place: number;
  /** Loans that could make it, by what a cent of each loses. */
  readonly heap: PairHeap;
}
