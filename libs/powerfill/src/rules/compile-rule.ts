import { compileBoolean, compileDate, compileNumber, compileString, compareNumbers } from './compile-values';
import { columnsOfCondition, type ColumnExpression, type Condition, type Expression } from './expression';
import { compileNumberAgainstLiteral, compileNumberInLiterals } from './number-thresholds';
import { type ParsedRule } from './parse-rule';
import { rawReader, type ReaderOf } from './row-values';
import { foldString } from './string-values';
import { type ComparisonOperator } from './syntax-tree';
import { Truth, truthOf } from './truth';

/** A rule bound to rows: pure, deterministic, safe to call for any number of rows. Throws RULE_BAD_VALUE for a value that breaks its column's type. */
export type CompiledRule<Row> = (row: Row) => Truth;

/** Most distinct texts whose outcome a condition remembers. */
const MEMO_SIZE = 4096;

/** Binds a rule to rows as closures over typed columns (engine.md, step 3 "Rules"); the readers are looked up once. */
export function compileRule<Row>(rule: ParsedRule, readerOf: ReaderOf<Row>): CompiledRule<Row> {
  return compileCondition(rule.condition, readerOf);
}

/** Readers of rows whose properties are named as the catalogue's columns. */
export const propertyReaders: ReaderOf<Readonly<Record<string, unknown>>> = (column) => (row) => row[column];

function compileCondition<Row>(condition: Condition, readerOf: ReaderOf<Row>): CompiledRule<Row> {
  switch (condition.node) {
    case 'and':
      return allOf(condition.items.map((item) => compileCondition(item, readerOf)));
    case 'or':
      return anyOf(condition.items.map((item) => compileCondition(item, readerOf)));
    case 'not': {
      const operand = compileCondition(condition.operand, readerOf);
      return (row) => (Truth.True - operand(row)) as Truth;
    }
    case 'is_null':
      return compileIsNull(condition.operand, readerOf);
    case 'like': {
      const operand = compileString(condition.operand, readerOf);
      const { matcher } = condition;
      return remembered(condition, readerOf, (row) => {
        const value = operand(row);
        return value === null ? Truth.Unknown : truthOf(matcher(value));
      });
    }
    case 'compare':
      return remembered(condition, readerOf, compileComparison(condition, readerOf));
    case 'in':
      return remembered(condition, readerOf, compileIn(condition, readerOf));
  }
}

function allOf<Row>(items: readonly CompiledRule<Row>[]): CompiledRule<Row> {
  return (row) => {
    let truth: Truth = Truth.True;
    for (const item of items) {
      const outcome = item(row);
      if (outcome === Truth.False) return Truth.False;
      if (outcome < truth) truth = outcome;
    }
    return truth;
  };
}

function anyOf<Row>(items: readonly CompiledRule<Row>[]): CompiledRule<Row> {
  return (row) => {
    let truth: Truth = Truth.False;
    for (const item of items) {
      const outcome = item(row);
      if (outcome === Truth.True) return Truth.True;
      if (outcome > truth) truth = outcome;
    }
    return truth;
  };
}

const HOLDS: Readonly<Record<ComparisonOperator, (order: -1 | 0 | 1) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

type Comparison = Extract<Condition, { node: 'compare' }>;

function compileComparison<Row>(condition: Comparison, readerOf: ReaderOf<Row>): CompiledRule<Row> {
  const fast = compileNumberAgainstLiteral(condition, readerOf);
  if (fast !== null) return fast;
  const order = compileOrder(condition.left, condition.right, readerOf);
  const holds = HOLDS[condition.operator];
  return (row) => {
    const outcome = order(row);
    return outcome === null ? Truth.Unknown : truthOf(holds(outcome));
  };
}

/** -1, 0 or 1 for two values of the same type, or null when one is missing. */
function compileOrder<Row>(
  left: Expression,
  right: Expression,
  readerOf: ReaderOf<Row>,
): (row: Row) => -1 | 0 | 1 | null {
  switch (left.type) {
    case 'number':
      return compareNumbers(compileNumber(left, readerOf), compileNumber(right, readerOf));
    case 'date':
      return orderOf(compileDate(left, readerOf), compileDate(right, readerOf), (text) => text);
    case 'boolean':
      return orderOf(compileBoolean(left, readerOf), compileBoolean(right, readerOf), (flag) => (flag ? '1' : '0'));
    case 'string':
    case 'custom':
      return orderOf(compileString(left, readerOf), compileString(right, readerOf), foldString);
  }
}

function orderOf<Row, T>(
  left: (row: Row) => T | null,
  right: (row: Row) => T | null,
  key: (value: T) => string,
): (row: Row) => -1 | 0 | 1 | null {
  return (row) => {
    const a = left(row);
    const b = a === null ? null : right(row);
    if (a === null || b === null) return null;
    const first = key(a);
    const second = key(b);
    return first < second ? -1 : first > second ? 1 : 0;
  };
}

function compileIn<Row>(condition: Extract<Condition, { node: 'in' }>, readerOf: ReaderOf<Row>): CompiledRule<Row> {
  const { operand, items } = condition;
  const fast = compileNumberInLiterals(operand, items, readerOf);
  if (fast !== null) return fast;
  return anyOf(
    items.map((item) => compileComparison({ node: 'compare', operator: '=', left: operand, right: item }, readerOf)),
  );
}

function compileIsNull<Row>(operand: Expression, readerOf: ReaderOf<Row>): CompiledRule<Row> {
  const evaluate = compileAny(operand, readerOf);
  return (row) => truthOf(evaluate(row) === null);
}

function compileAny<Row>(expression: Expression, readerOf: ReaderOf<Row>): (row: Row) => unknown {
  switch (expression.type) {
    case 'number':
      return compileNumber(expression, readerOf);
    case 'string':
      return compileString(expression, readerOf);
    case 'date':
      return compileDate(expression, readerOf);
    case 'boolean':
      return compileBoolean(expression, readerOf);
    case 'custom': {
      const parts = expression.node === 'call' ? expression.args.map((arg) => compileAny(arg, readerOf)) : [];
      if (expression.node === 'column') return rawReader(expression, readerOf);
      return (row) => parts.map((part) => part(row)).find((value) => value !== null) ?? null;
    }
  }
}

/**
 * A condition on one text column alone gives the same outcome for the same text; files hold few distinct states,
 * products or occupancies, so that a look-up replaces trimming, folding and comparing.
 */
function remembered<Row>(
  condition: Condition,
  readerOf: ReaderOf<Row>,
  evaluate: CompiledRule<Row>,
): CompiledRule<Row> {
  const column = onlyTextColumn(condition);
  if (column === null) return evaluate;
  const read = readerOf(column.column);
  const outcomes = new Map<unknown, Truth>();
  return (row) => {
    const text = read(row);
    const known = outcomes.get(text);
    if (known !== undefined) return known;
    const outcome = evaluate(row);
    if (outcomes.size < MEMO_SIZE && typeof text === 'string') outcomes.set(text, outcome);
    return outcome;
  };
}

function onlyTextColumn(condition: Condition): ColumnExpression | null {
  const [first, ...others] = columnsOfCondition(condition);
  if (first === undefined || first.type !== 'string' || first.member !== null) return null;
  return others.every(({ column, member }) => column === first.column && member === null) ? first : null;
}
