import { type Checkpoint } from '../checkpoint';
import { pairOff } from '../problem/pair-off';
import { fillsOf, type Stage } from '../stage/stage';
import { EITHER, REACHED, SHORT, termsOnSides } from '../stage/trade-sides';
import { solveTransport, type TransportSolution } from './transport-lp';

/** Gaps below this, cents, come from rounding. */
const LEAST_GAP = 100;
/** A linear program of HiGHS reaches a fill up to its rounding. */
const CENT = 1;

/** A part of the assignments, those with each trade on its side, and its relaxation. */
export interface SidesLeaf {
  readonly sides: Uint8Array;
  readonly relaxed: TransportSolution;
}

interface Node extends SidesLeaf {
  /** The trade whose pair-off the relaxation misjudges most, -1 = none. */
  readonly worst: number;
}

/**
 * Branch and bound on the jumps of the pair-off. The relaxation replaces a jump by its envelope and may leave a trade in
 * between, where the envelope promises what no fill has. The trade with the largest such gap is split into the two sides
 * of its L; the leaf with the highest bound comes first.
 *
 * @param nodes relaxations solved at most
 * @returns leaves that cover all assignments, the highest bound first
 */
export function branchOnSides(stage: Stage, nodes: number, checkpoint: Checkpoint): [SidesLeaf, ...SidesLeaf[]] {
  const root = solveNode(stage, new Uint8Array(stage.tradeCount), (done) => checkpoint(done / Math.max(1, nodes)));
  const open: [Node, ...Node[]] = [root];
  for (let solved = 1; solved + 2 <= nodes; solved += 2) {
    const [{ sides, worst }] = open;
    if (worst < 0) break;
    const children = [SHORT, REACHED].map((side, n) => {
      const own = sides.slice();
      own[worst] = side;
      return solveNode(stage, own, (done) => checkpoint((solved + n + done) / nodes));
    });
    open.splice(0, 1, ...children);
    open.sort((a, b) => b.relaxed.value - a.relaxed.value);
  }
  return open;
}

/** The stage with each trade on its side. */
export function stageOnSides(stage: Stage, sides: Uint8Array): Stage {
  const { most, ...terms } = termsOnSides(stage, stage.room, sides);
  return { ...stage, ...terms, room: most };
}

/**
 * The sides a search should keep to at first: where the relaxation has each trade whose jump is more than one move may
 * lose, so that moves do not find across.
 *
 * @param sides where the relaxation had to keep trades
 * @param flow cents of each option's loan that the relaxation places there
 */
export function sidesOfRelaxation(stage: Stage, sides: Uint8Array, flow: Float64Array, mostLoss: number): Uint8Array {
  const fill = fillsOf(stage, flow);
  return sides.map((side, j) => {
    if (side !== EITHER || !hasJump(stage, j)) return side;
    const jump = Math.abs(stage.pairOffRate[j]!) * 1e-10 * (stage.target[j]! - stage.min[j]!);
    if (jump <= mostLoss) return EITHER;
    return fill[j]! > stage.min[j]! - CENT ? REACHED : SHORT;
  });
}

function solveNode(stage: Stage, sides: Uint8Array, checkpoint: Checkpoint): Node {
  const own = stageOnSides(stage, sides);
  const relaxed = solveTransport(own, checkpoint);
  const fill = fillsOf(stage, relaxed.flow);
  let worst = -1;
  let most = LEAST_GAP;
  for (let j = 0; j < stage.tradeCount; j++) {
    if (sides[j] !== EITHER || !hasJump(stage, j)) continue;
    const gap = envelopeGap(stage, j, fill[j]!, relaxed.price[j]! * 1e-10);
    if (gap <= most) continue;
    most = gap;
    worst = j;
  }
  return { sides, relaxed, worst };
}

/** Whether a trade may end on either side of its L, and it matters. */
function hasJump({ baseFill, min, room, pairOffRate }: Stage, j: number): boolean {
  return pairOffRate[j] !== 0 && baseFill[j]! < min[j]! && min[j]! <= room[j]!;
}

/** What the relaxation promises at a fill above what the trade's terms give there, cents. */
function envelopeGap(stage: Stage, j: number, fill: number, price: number): number {
  const worth = (at: number): number => price * at - pairOff(stage, j, at);
  const corners = [stage.baseFill[j]!, stage.min[j]! - 1, stage.min[j]!, stage.room[j]!];
  return Math.max(...corners.map(worth)) - worth(fill);
}
