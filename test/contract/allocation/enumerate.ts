import { type LimitInput, type ProblemFile } from '@powerfill/core/allocation/problem/problem-file';
import { linearRows, type Row } from './linear-rows';
import { roundHalfAway, units } from './units';

/** What a complete enumeration finds. Amounts in cents. */
export interface Enumeration {
  /** Objective of the optimum (mode `priority`: of the lexicographic one); null when nothing is feasible. */
  optimum: number | null;
  /** V_1 .. V_K of that optimum. In mode `global` one entry. */
  classes: number[];
  /** Under `unreachable: "relax"`, the least total shortfall of minimums. Otherwise 0. */
  shortfall: number;
  /** The trade of each loan in that optimum, by position; -1: not placed. */
  assignment: number[];
}

/** One way to place a loan. `trade` -1: not placed. `step`: position of the pair's priority class. */
interface Choice {
  trade: number;
  step: number;
  worth: number;
}

interface Leaf {
  assignment: readonly number[];
  values: readonly number[];
  objective: number;
  shortfall: number;
}

/** The case in numbers: choices per loan, rows every assignment meets, and the costs that are not linear. */
interface Model {
  amounts: number[];
  locked: boolean[];
  choices: Choice[][];
  steps: number;
  rows: Row[];
  global: boolean;
  /** `fees`: pair-off cost by fill, as met so far. */
  trades: { target: number; min: number; pairOff: bigint; mustReach: number; fees: Map<number, number> }[];
  /** Minimums that may be missed under `relax`: cents per unit missed, the least sum, and each loan's part. */
  soft: { least: number; weight: number; trades: Set<number>; part: number[] }[];
  relax: boolean;
  lockedFill: number[];
}

const POINTS = 8;

function cents(value: unknown): number {
  return Number(units(value, 2));
}

function classSteps(file: ProblemFile): Map<number, number> {
  if (file.options?.mode !== 'priority') return new Map();
  const found = [...new Set(file.candidates.map((candidate) => candidate.priority ?? Infinity))];
  return new Map(found.sort((a, b) => (a < b ? -1 : 1)).map((priority, step) => [priority, step]));
}

function choicesOf(file: ProblemFile, steps: Map<number, number>): Choice[][] {
  const options = file.options ?? {};
  return file.loans.map((loan) => {
    const choices: Choice[] = [];
    for (const candidate of file.candidates) {
      if (candidate.loan !== loan.id || (loan.locked && candidate.trade !== loan.current_trade)) continue;
      const amount = units(loan.amount, 2);
      const above = units(candidate.score, POINTS) - units(loan.reservation ?? options.reservation_price ?? 0, POINTS);
      const moved = loan.current_trade !== undefined && loan.current_trade !== candidate.trade;
      const cost = moved ? roundHalfAway(amount * units(options.switch_cost_bp ?? 0, POINTS), 12) : 0n;
      choices.push({
        trade: file.trades.findIndex((trade) => trade.id === candidate.trade),
        step: steps.get(candidate.priority ?? Infinity) ?? 0,
        worth: Number(roundHalfAway(amount * above, 10) - cost),
      });
    }
    if (!loan.locked && !options.place_all) choices.push({ trade: -1, step: 0, worth: 0 });
    return choices;
  });
}

function softMinimums(file: ProblemFile): Model['soft'] {
  if (file.options?.unreachable !== 'relax') return [];
  const all = file.loans.reduce((sum, loan) => sum + units(loan.amount, 2), 0n);
  const mean = Number(roundHalfAway((all * 10n) / BigInt(file.loans.length), 1));
  const matches = (limit: LimitInput, at: number): boolean =>
    Object.entries(limit.where ?? {}).every(([key, want]) => {
      const have = file.loans[at]?.attributes?.[key] ?? null;
      return have !== null && (Array.isArray(want) ? want : [want]).some((one) => one === have);
    });
  return (file.limits ?? [])
    .filter((limit) => (limit.kind === 'total' || limit.kind === 'count') && limit.min !== undefined)
    .flatMap((limit) =>
      (limit.per_trade ? limit.trades.map((id) => [id]) : [limit.trades]).map((ids) => ({ limit, ids })),
    )
    .map(({ limit, ids }) => ({
      least: limit.kind === 'total' ? cents(limit.min) : Number(limit.min),
      weight: limit.kind === 'total' ? 1 : mean,
      trades: new Set(ids.map((id) => file.trades.findIndex((trade) => trade.id === id))),
      part: file.loans.map((loan, at) => (matches(limit, at) ? (limit.kind === 'total' ? cents(loan.amount) : 1) : 0)),
    }));
}

function modelOf(file: ProblemFile): Model {
  const steps = classSteps(file);
  const choices = choicesOf(file, steps);
  const lockedFill = file.trades.map((trade) =>
    file.loans.reduce(
      (sum, loan) => sum + (loan.locked && loan.current_trade === trade.id ? cents(loan.amount) : 0),
      0,
    ),
  );
  return {
    amounts: file.loans.map((loan) => cents(loan.amount)),
    locked: file.loans.map((loan) => loan.locked === true),
    choices,
    steps: Math.max(1, steps.size),
    rows: linearRows(file, choices, Math.max(1, steps.size)),
    global: file.options?.mode !== 'priority',
    trades: file.trades.map((trade) => ({
      target: cents(trade.target ?? trade.min ?? 0),
      min: cents(trade.min ?? trade.target ?? 0),
      pairOff: units(trade.pair_off_points ?? 0, POINTS),
      mustReach: cents(trade.must_reach ?? 0),
      fees: new Map<number, number>(),
    })),
    soft: softMinimums(file),
    relax: file.options?.unreachable === 'relax',
    lockedFill,
  };
}

function pairOffs(model: Model, fills: readonly number[]): number {
  let sum = 0;
  for (const [at, trade] of model.trades.entries()) {
    const fill = fills[at] ?? 0;
    if (fill >= trade.min) continue;
    const known = trade.fees.get(fill);
    const fee = known ?? Number(roundHalfAway(BigInt(trade.target - fill) * trade.pairOff, 10));
    if (known === undefined) trade.fees.set(fill, fee);
    sum += fee;
  }
  return sum;
}

function leafOf(model: Model, chosen: readonly Choice[]): Leaf | null {
  const fills = [...model.lockedFill];
  let owed = pairOffs(model, fills);
  const values: number[] = [];
  for (let step = 0; step < model.steps; step += 1) {
    let value = 0;
    chosen.forEach((choice, at) => {
      if (choice.trade < 0 || choice.step !== step) return;
      value += choice.worth;
      if (!model.locked[at]) fills[choice.trade] = (fills[choice.trade] ?? 0) + (model.amounts[at] ?? 0);
    });
    const now = pairOffs(model, fills);
    values.push(value - now + owed);
    owed = now;
  }
  let shortfall = 0;
  for (const [at, trade] of model.trades.entries()) {
    const fill = fills[at] ?? 0;
    if (fill > 0 && fill < trade.mustReach) shortfall += trade.mustReach - fill;
  }
  if (shortfall > 0 && !model.relax) return null;
  for (const minimum of model.soft) {
    let reached = 0;
    chosen.forEach((choice, at) => (reached += minimum.trades.has(choice.trade) ? (minimum.part[at] ?? 0) : 0));
    shortfall += Math.max(0, minimum.least - reached) * minimum.weight;
  }
  const objective = values.reduce((a, b) => a + b, 0) - pairOffs(model, model.lockedFill);
  const assignment = chosen.map(({ trade }) => trade);
  return { assignment, values: model.global ? [objective] : values, objective, shortfall };
}

/** Calls `visit` for every assignment that meets every condition; branches that break a row for good are cut. */
function walk(model: Model, visit: (leaf: Leaf) => void, promising: (depth: number, worth: number) => boolean): void {
  const loans = model.choices.length;
  const chosen: Choice[] = [];
  const descend = (depth: number, worth: number): void => {
    if (!promising(depth, worth)) return;
    if (depth === loans) {
      const leaf = leafOf(model, chosen);
      if (leaf) visit(leaf);
      return;
    }
    (model.choices[depth] ?? []).forEach((choice, option) => {
      for (const row of model.rows) row.take(depth, option);
      if (model.rows.every((row) => row.canHold(depth + 1))) {
        chosen.push(choice);
        descend(depth + 1, worth + choice.worth);
        chosen.pop();
      }
      for (const row of model.rows) row.undo(depth, option);
    });
  };
  descend(0, 0);
}

/** Minus when `a` comes before `b`, that is, is worse. */
function compareTuples(a: readonly number[], b: readonly number[]): number {
  for (const [at, value] of a.entries()) {
    const difference = value - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * Solves a small case by looking at every assignment: up to about 12 loans x 4 trades. Shares no code with the
 * optimiser or the audit. Exact: integers below 2^53, and BigInt where products may pass that.
 */
export function enumerate(file: ProblemFile): Enumeration {
  const model = modelOf(file);
  const rest = [0];
  for (const choices of [...model.choices].reverse()) {
    rest.unshift((rest[0] ?? 0) + Math.max(...choices.map(({ worth }) => worth), Number.NEGATIVE_INFINITY));
  }
  // The least the pair-offs can come to: a fee is linear below `min`, so it is least at an end or just short of it.
  const cheapest = model.trades.reduce((sum, { target, min, pairOff }) => {
    const ends = min > 0 ? [target, target - min].map((f) => Number(roundHalfAway(BigInt(f) * pairOff, 10)) - 1) : [];
    return sum + Math.min(0, ...ends);
  }, 0);
  let best: Leaf | null = null;
  walk(
    model,
    (leaf) => {
      const order = best ? best.shortfall - leaf.shortfall || compareTuples(leaf.values, best.values) : 1;
      if (order > 0) best = leaf;
    },
    (depth, worth) =>
      !model.global || model.relax || best === null || worth + (rest[depth] ?? 0) - cheapest > best.objective,
  );
  const found = best as Leaf | null;
  return {
    optimum: found?.objective ?? null,
    classes: [...(found?.values ?? [])],
    shortfall: found?.shortfall ?? 0,
    assignment: [...(found?.assignment ?? [])],
  };
}

/** What an assignment (the trade of each loan by position, -1: not placed) comes to; null: it breaks a condition. */
export function valueOf(file: ProblemFile, assignment: readonly number[]): Omit<Leaf, 'assignment'> | null {
  const model = modelOf(file);
  const chosen = assignment.map((trade, at) => model.choices[at]?.find((choice) => choice.trade === trade));
  if (!chosen.every((choice) => choice !== undefined)) return null;
  chosen.forEach((choice, at) => {
    for (const row of model.rows) row.take(at, model.choices[at]?.indexOf(choice) ?? -1);
  });
  return model.rows.every((row) => row.canHold(assignment.length)) ? leafOf(model, chosen) : null;
}

/** Every assignment that meets every condition, as its trades joined by commas. */
export function feasibleAssignments(file: ProblemFile): Set<string> {
  const found = new Set<string>();
  walk(
    modelOf(file),
    ({ assignment }) => found.add(assignment.join()),
    () => true,
  );
  return found;
}

/**
 * The largest V_k over all feasible assignments whose earlier classes keep at least `achieved`, for every k:
 * what a class bound of the certificate must not lie below (engine.md, "Certificate").
 */
export function classCeilings(file: ProblemFile, achieved: readonly number[]): number[] {
  const ceilings = achieved.map(() => Number.NEGATIVE_INFINITY);
  // Under `relax` only assignments with the least shortfall count.
  let least = Number.POSITIVE_INFINITY;
  walk(
    modelOf(file),
    ({ values, shortfall }) => {
      if (shortfall > least) return;
      if (shortfall < least) ceilings.fill(Number.NEGATIVE_INFINITY);
      least = shortfall;
      for (const [step, value] of values.entries()) {
        ceilings[step] = Math.max(ceilings[step] ?? value, value);
        if (value < (achieved[step] ?? value)) return;
      }
    },
    () => true,
  );
  return ceilings;
}
