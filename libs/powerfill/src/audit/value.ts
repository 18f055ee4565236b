import { divideHalfAway, dollars } from './exact';
import { type Findings } from './finding';
import { type LoansByTrade } from './limits';
import { type Placement } from './placement';
import { type AuditedProblem, type AuditedTrade, roomOf } from './problem';

/** Fills in cents by position of the trade. */
export interface Fills {
  locked: bigint[];
  final: bigint[];
  loansByTrade: LoansByTrade;
}

/** What a trade pays at fill `f`: nothing from `min` up, else the fee on the whole undelivered amount (engine.md, section 2). */
export function pairOffCost(trade: AuditedTrade, fill: bigint): bigint {
  return fill >= trade.min ? 0n : divideHalfAway((trade.target - fill) * trade.pairOff, 10n ** 10n);
}

function pairOffTotal(problem: AuditedProblem, fills: readonly bigint[]): bigint {
  return problem.trades.reduce((sum, trade, at) => sum + pairOffCost(trade, fills[at] ?? 0n), 0n);
}

/** Adds up the fills. */
export function fillsOf(problem: AuditedProblem, placement: Placement): Fills {
  const locked = problem.trades.map(() => 0n);
  const final = problem.trades.map(() => 0n);
  const loansByTrade = problem.trades.map((): number[] => []);
  problem.loans.forEach((loan, index) => {
    const at = placement.trade[index] ?? -1;
    if (at < 0) return;
    final[at] = (final[at] ?? 0n) + loan.amount;
    if (loan.locked) locked[at] = (locked[at] ?? 0n) + loan.amount;
    loansByTrade[at]?.push(index);
  });
  return { locked, final, loansByTrade };
}

/** Checks each trade's room and its minimum if used. */
export function checkTrades(problem: AuditedProblem, fills: Fills, findings: Findings): void {
  problem.trades.forEach((trade, at) => {
    const fill = fills.final[at] ?? 0n;
    const room = roomOf(trade, fills.locked[at] ?? 0n);
    if (room !== null && fill > room) {
      findings.add('TRADE_OVERFILLED', trade.id, `holds ${dollars(fill)}, has room for ${dollars(room)}`);
    }
    if (fill > 0n && fill < trade.mustReach && !problem.relax) {
      findings.add('MUST_REACH_MISSED', trade.id, `holds ${dollars(fill)}, must reach ${dollars(trade.mustReach)}`);
    }
  });
}

/** The objective and the value of each class, in cents. */
export interface Values {
  objective: bigint;
  /** V_1 .. V_K in the order of `placement.classes`. */
  classes: bigint[];
  /** Pair-off of the locked fills: what the sum of the classes exceeds the objective by. */
  lockedPairOff: bigint;
}

/**
 * The objective, and V_k: the worth of class k's pairs less the change of the summed pair-off from the fills after
 * class k - 1 to those after class k. Locked pairs count in their class; their amounts are there from the start.
 */
export function valuesOf(problem: AuditedProblem, placement: Placement, fills: Fills): Values {
  const worth = placement.classes.map(() => 0n);
  const added = placement.classes.map(() => new Map<number, bigint>());
  problem.loans.forEach((loan, index) => {
    const at = placement.trade[index] ?? -1;
    const step = placement.classOf[index] ?? -1;
    const gain = added[step];
    if (at < 0 || !gain) return;
    worth[step] = (worth[step] ?? 0n) + (placement.worth[index] ?? 0n);
    if (!loan.locked) gain.set(at, (gain.get(at) ?? 0n) + loan.amount);
  });
  const running = [...fills.locked];
  const lockedPairOff = pairOffTotal(problem, running);
  let owed = lockedPairOff;
  const classes = worth.map((sum, step) => {
    for (const [at, amount] of added[step] ?? []) running[at] = (running[at] ?? 0n) + amount;
    const now = pairOffTotal(problem, running);
    const value = sum - (now - owed);
    owed = now;
    return value;
  });
  return { objective: worth.reduce((a, b) => a + b, 0n) - owed, classes, lockedPairOff };
}
