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
  /** Loans in trade j by what a cent of them loses by moving on to trade k (k = m: out), at `j * (m + 1) + k`. */
  private readonly heaps: (PairHeap | undefined)[];
  private readonly neighbours: number[][];
  private readonly distance: Float64Array;
  private readonly settled: Uint8Array;
  /** How the shortest chain enters each trade: the option gained, and the option given up for it (-1: the new loan). */
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
    this.heaps = new Array<PairHeap | undefined>(m * (m + 1));
    this.neighbours = Array.from({ length: m }, () => []);
    this.distance = new Float64Array(m + 1);
    this.settled = new Uint8Array(m + 1);
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
    const { m, distance, settled, price } = this;
    distance.fill(Infinity);
    settled.fill(0);
    let top = 0;
    for (let o = this.stage.start[s]!; o < this.stage.start[s + 1]!; o++)
      top = Math.max(top, this.unit[o]! - price[this.stage.trade[o]!]!);
    distance[m] = top;
    this.gained[m] = -1;
    this.given[m] = -1;
    for (let o = this.stage.start[s]!; o < this.stage.start[s + 1]!; o++) {
      const j = this.stage.trade[o]!;
      distance[j] = top - (this.unit[o]! - price[j]!);
      this.gained[j] = o;
      this.given[j] = -1;
    }
    let end = m;
    let endDistance = distance[m];
    for (;;) {
      let j = -1;
      let nearest = endDistance;
      for (let k = 0; k < m; k++)
        if (settled[k] === 0 && distance[k]! < nearest) {
          nearest = distance[k]!;
          j = k;
        }
      if (j < 0) break;
      settled[j] = 1;
      if (this.segmentLeft[j]! > 0) {
        const total = nearest - Math.min(0, price[j]! + this.segments[j]![this.segment[j]!]!.slope);
        if (total < endDistance) {
          end = j;
          endDistance = total;
        }
      }
      for (const k of this.neighbours[j]!) {
        if (settled[k] === 1) continue;
        const heap = this.heaps[j * (m + 1) + k]!;
        const loss = heap.top(this.flow);
        if (loss === Infinity) continue;
        const through = nearest + Math.max(0, loss - price[j]! + price[k]!);
        if (through >= distance[k]! || through >= endDistance) continue;
        distance[k] = through;
        this.gained[k] = heap.topTo;
        this.given[k] = heap.topFrom;
        if (k === m) {
          end = m;
          endDistance = through;
        }
      }
    }
    for (let j = 0; j < m; j++) if (settled[j] === 1) price[j]! += Math.max(0, endDistance - distance[j]!);
    return end;
  }

  /** Moves as many cents as the chain to `end` carries. */
  private push(end: number, left: number): number {
    let amount = left;
    if (end < this.m) amount = Math.min(amount, this.segmentLeft[end]!);
    for (let k = end; this.given[k]! >= 0; k = this.stage.trade[this.given[k]!]!)
      amount = Math.min(amount, this.flow[this.given[k]!]!);
    for (let k = end; ; k = this.stage.trade[this.given[k]!]!) {
      const to = this.gained[k]!;
      if (to >= 0) {
        if (this.flow[to] === 0) this.list(to);
        this.flow[to]! += amount;
      }
      if (this.given[k]! < 0) break;
      this.flow[this.given[k]!]! -= amount;
    }
    if (end < this.m) {
      this.segmentLeft[end]! -= amount;
      while (this.segmentLeft[end] === 0 && this.segment[end]! + 1 < this.segments[end]!.length)
        this.segmentLeft[end] = this.segments[end]![++this.segment[end]!]!.length;
    }
    return amount;
  }

  /** Enters an option that begins to hold cents into the heaps of the moves it could make. */
  private list(o: number): void {
    const { start, trade } = this.stage;
    const j = trade[o]!;
    const s = this.stage.loanOf[o]!;
    this.heap(j, this.m).add(this.unit[o]!, o, -1);
    for (let other = start[s]!; other < start[s + 1]!; other++)
      if (other !== o) this.heap(j, trade[other]!).add(this.unit[o]! - this.unit[other]!, o, other);
  }

  private heap(j: number, k: number): PairHeap {
    const n = j * (this.m + 1) + k;
    const known = this.heaps[n];
    if (known !== undefined) return known;
    const heap = new PairHeap();
    this.heaps[n] = heap;
    this.neighbours[j]!.push(k);
    return heap;
  }
}
