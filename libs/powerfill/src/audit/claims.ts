import { CENTS, divideHalfAway, dollars, FINE, readDecimal } from './exact';
import { type Findings } from './finding';
import { type LimitOutcome, roundedValue } from './limits';
import { type Placement } from './placement';
import { type AuditedProblem, type AuditedTrade } from './problem';
import { asList, asObject, asText, type Fields, isAbsent } from './shape';
import { type Fills, type Values } from './value';

/** Decimal places of `gap_bp_of_upb`. */
const BP_PLACES = 6;

/** What the audit derived itself, to hold the claimed figures against. */
export interface Derived {
  problem: AuditedProblem;
  placement: Placement;
  fills: Fills;
  values: Values;
  /** In the order of the problem's limits. */
  limits: readonly LimitOutcome[];
}

function money(fields: Fields, key: string, path = key): bigint {
  return readDecimal(fields[key], CENTS, path, 'refuse');
}

function checkCertificate(derived: Derived, result: Fields, findings: Findings): void {
  const { problem, values } = derived;
  const objective = money(result, 'objective');
  if (objective !== values.objective) {
    findings.add('OBJECTIVE_WRONG', 'objective', `states ${dollars(objective)}, is ${dollars(values.objective)}`);
  }
  const bound = money(result, 'upper_bound');
  if (bound < values.objective) {
    const text = `${dollars(bound)} lies below the objective ${dollars(values.objective)}`;
    findings.add('BOUND_BELOW_OBJECTIVE', 'upper_bound', text);
  }
  const gap = money(result, 'gap_usd');
  if (gap !== bound - objective) {
    findings.add(
      'GAP_WRONG',
      'gap_usd',
      `states ${dollars(gap)}, bound less objective is ${dollars(bound - objective)}`,
    );
  }
  const upb = problem.loans.reduce((sum, loan) => sum + loan.amount, 0n);
  const stated = readDecimal(result['gap_bp_of_upb'], BP_PLACES, 'gap_bp_of_upb', 'round');
  const share = upb === 0n ? 0n : divideHalfAway(gap * 10n ** BigInt(4 + BP_PLACES), upb);
  if (stated !== share) {
    findings.add('GAP_WRONG', 'gap_bp_of_upb', `states ${stated} millionths of a bp, is ${share}`);
  }
  checkGreedy(problem, result, objective, bound, findings);
}

/** Without conditions over several loans the plain greedy is one of the solutions the bound speaks about. */
function checkGreedy(
  problem: AuditedProblem,
  result: Fields,
  objective: bigint,
  bound: bigint,
  findings: Findings,
): void {
  if (isAbsent(result['greedy_objective'])) return;
  const greedy = money(result, 'greedy_objective');
  const free =
    problem.limits.length === 0 && !problem.placeAll && problem.trades.every((trade) => trade.mustReach === 0n);
  if (free && problem.mode === 'global' && greedy > bound) {
    findings.add('GREEDY_ABOVE_BOUND', 'greedy_objective', `${dollars(greedy)} is above the bound ${dollars(bound)}`);
  }
  if (isAbsent(result['gain_over_greedy_usd'])) return;
  const gain = money(result, 'gain_over_greedy_usd');
  if (gain !== objective - greedy) {
    const text = `states ${dollars(gain)}, objective less greedy is ${dollars(objective - greedy)}`;
    findings.add('GAIN_WRONG', 'gain_over_greedy_usd', text);
  }
}

function checkClasses(derived: Derived, result: Fields, findings: Findings): void {
  const { problem, placement, values } = derived;
  if (problem.mode === 'global') return;
  const claimed = asList(result['classes'], 'classes').map((entry, at) => asObject(entry, `classes[${at}]`));
  const names = claimed.map((entry) => entry['priority'] ?? null);
  if (JSON.stringify(names) !== JSON.stringify(placement.classes)) {
    const text = `priorities ${JSON.stringify(names)}, the problem has ${JSON.stringify(placement.classes)}`;
    findings.add('CLASSES_WRONG', 'classes', text);
    return;
  }
  let gaps = 0n;
  claimed.forEach((entry, at) => {
    const path = `classes[${at}]`;
    const is = values.classes[at] ?? 0n;
    const value = money(entry, 'objective', `${path}.objective`);
    const bound = money(entry, 'upper_bound', `${path}.upper_bound`);
    const gap = money(entry, 'gap_usd', `${path}.gap_usd`);
    gaps += gap;
    if (value !== is) findings.add('CLASS_VALUE_WRONG', path, `states ${dollars(value)}, is ${dollars(is)}`);
    if (bound < is) findings.add('CLASS_BOUND_WRONG', path, `${dollars(bound)} lies below the value ${dollars(is)}`);
    if (gap !== bound - value) {
      findings.add(
        'GAP_WRONG',
        `${path}.gap_usd`,
        `states ${dollars(gap)}, bound less value is ${dollars(bound - value)}`,
      );
    }
  });
  const gap = money(result, 'gap_usd');
  if (gaps !== gap) {
    findings.add('GAP_WRONG', 'gap_usd', `states ${dollars(gap)}, the classes' gaps sum to ${dollars(gaps)}`);
  }
}

/** engine.md, step 5: locked loans alone can overfill a trade; without a target or a fill at `min` there is no status to reach. */
function statusOf(trade: AuditedTrade, fill: bigint): string {
  if (trade.max !== null && fill > trade.max) return 'Overfilled';
  if (fill > 0n && fill >= trade.min) return 'Filled';
  if (trade.target === 0n) return 'Open';
  return fill === 0n ? 'Empty' : 'Short';
}

function checkTradeLines(derived: Derived, result: Fields, findings: Findings): void {
  const { problem, fills } = derived;
  const seen = new Set<number>();
  asList(result['trades'], 'trades').forEach((entry, line) => {
    const path = `trades[${line}]`;
    const claimed = asObject(entry, path);
    const at = problem.tradeAt.get(asText(claimed['id'], `${path}.id`));
    const trade = at === undefined ? undefined : problem.trades[at];
    if (at === undefined || !trade || seen.has(at)) {
      findings.add('TRADES_WRONG', path, 'names a trade twice, or one the problem does not have');
      return;
    }
    seen.add(at);
    const is = fills.final[at] ?? 0n;
    const fill = money(claimed, 'fill', `${path}.fill`);
    if (fill !== is) findings.add('FILL_WRONG', trade.id, `states ${dollars(fill)}, is ${dollars(is)}`);
    const status = statusOf(trade, is);
    if (claimed['status'] !== status) {
      findings.add('STATUS_WRONG', trade.id, `states ${JSON.stringify(claimed['status'])}, is ${status}`);
    }
  });
  if (seen.size < problem.trades.length) {
    findings.add('TRADES_WRONG', 'trades', `${seen.size} of ${problem.trades.length} trades have a line`);
  }
}

function checkLimitLines(derived: Derived, result: Fields, findings: Findings): void {
  const { problem } = derived;
  const lines = new Map<string, Fields>();
  asList(isAbsent(result['limits']) ? [] : result['limits'], 'limits').forEach((entry, line) => {
    const claimed = asObject(entry, `limits[${line}]`);
    const id = asText(claimed['id'], `limits[${line}].id`);
    if (lines.has(id)) findings.add('LIMITS_WRONG', `limits[${line}]`, `limit ${id} has two lines`);
    lines.set(id, claimed);
  });
  problem.limits.forEach((limit, at) => {
    const claimed = lines.get(limit.id);
    const outcome = derived.limits[at];
    if (!claimed || !outcome) {
      findings.add('LIMITS_WRONG', 'limits', `limit ${limit.id} has no line`);
      return;
    }
    const is = roundedValue(outcome.final);
    const given = claimed['value'];
    const value = isAbsent(given) ? null : readDecimal(given, FINE, `limits.${limit.id}.value`, 'refuse');
    if (value !== is) {
      findings.add('LIMIT_VALUE_WRONG', limit.id, `states ${String(value)}, is ${String(is)} (units of 1e-8)`);
    }
  });
  if (lines.size > problem.limits.length) {
    findings.add('LIMITS_WRONG', 'limits', 'has a line for a limit the problem does not have');
  }
}

/** Every loan without a trade is explained once, and no other. */
function checkKickouts(derived: Derived, result: Fields, findings: Findings): void {
  const { problem, placement } = derived;
  const explained = new Set<number>();
  asList(result['kickouts'], 'kickouts').forEach((entry, line) => {
    const path = `kickouts[${line}]`;
    const kickout = asObject(entry, path);
    const at = problem.loanAt.get(asText(kickout['loan'], `${path}.loan`));
    if (at === undefined || explained.has(at) || (placement.trade[at] ?? -1) >= 0) {
      findings.add('KICKOUTS_WRONG', path, 'names a placed loan, an unknown one, or one named before');
      return;
    }
    explained.add(at);
    const code = kickout['code'];
    if (typeof code !== 'string' || code === '') findings.add('KICKOUTS_WRONG', path, 'gives no code');
  });
  const left = placement.trade.reduce((sum, at) => (at < 0 ? sum + 1 : sum), 0);
  if (explained.size !== left) {
    findings.add('KICKOUTS_WRONG', 'kickouts', `explains ${explained.size} of the ${left} loans without a trade`);
  }
}

/** A bound that gave way to locked loans, and a minimum missed under `relax`, must be said in `warnings`. */
function checkWarnings(derived: Derived, result: Fields, findings: Findings): void {
  const { problem, fills } = derived;
  const said = new Set<unknown>();
  asList(isAbsent(result['warnings']) ? [] : result['warnings'], 'warnings').forEach((entry, line) => {
    said.add(asObject(entry, `warnings[${line}]`)['subject']);
  });
  problem.trades.forEach((trade, at) => {
    const fill = fills.final[at] ?? 0n;
    if (trade.max !== null && fill > trade.max && !said.has(trade.id)) {
      findings.add('WARNING_MISSING', trade.id, `its locked loans fill it above its max of ${dollars(trade.max)}`);
    }
    if (problem.relax && fill > 0n && fill < trade.mustReach && !said.has(trade.id)) {
      findings.add(
        'WARNING_MISSING',
        trade.id,
        `holds ${dollars(fill)} of the ${dollars(trade.mustReach)} it must reach`,
      );
    }
  });
  problem.limits.forEach((limit, at) => {
    const outcome = derived.limits[at];
    if (!outcome || said.has(limit.id)) return;
    if (outcome.lockedBreaks) findings.add('WARNING_MISSING', limit.id, 'its locked loans break it');
    if (problem.relax && outcome.missed) findings.add('WARNING_MISSING', limit.id, 'its minimum is missed');
  });
}

/**
 * Holds every figure the result states against the audit's own. An upper bound cannot be re-derived from the
 * assignment; that it is no smaller than the objective, and the arithmetic of the gaps, can.
 *
 * @throws UnreadableError when a figure is missing or is no decimal
 */
export function checkClaims(derived: Derived, result: Fields, findings: Findings): void {
  checkCertificate(derived, result, findings);
  checkClasses(derived, result, findings);
  checkTradeLines(derived, result, findings);
  checkLimitLines(derived, result, findings);
  checkKickouts(derived, result, findings);
  checkWarnings(derived, result, findings);
}
