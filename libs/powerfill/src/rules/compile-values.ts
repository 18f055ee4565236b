import { daysBetween } from '../domain/calendar';
import { compareFractions, type Fraction } from './decimal';
import { type Expression } from './expression';
import { booleanReader, dateReader, fractionReader, type ReaderOf, stringReader } from './row-values';
import { trimLeadingBlanks, trimTrailingBlanks } from './string-values';

/** A compiled value; null when data is missing or a division by zero leaves no number. */
type Evaluate<Row, T> = (row: Row) => T | null;

/** Types are settled by the checker; reaching this is a defect of this library, not of a rule. */
function untyped(expression: Expression, wanted: string): never {
  throw new TypeError(
    `Rule expression "${expression.node}" reached the compiler as ${expression.type}, not as ${wanted}.`,
  );
}

/** The first of several evaluations that gives a value. */
function firstOf<Row, T>(choices: readonly Evaluate<Row, T>[]): Evaluate<Row, T> {
  return (row) => {
    for (const choice of choices) {
      const value = choice(row);
      if (value !== null) return value;
    }
    return null;
  };
}

/** Compiles a number. Exact: fractions of bigints, so a quotient is not rounded. */
export function compileNumber<Row>(expression: Expression, readerOf: ReaderOf<Row>): Evaluate<Row, Fraction> {
  switch (expression.node) {
    case 'column':
      return fractionReader(expression, readerOf);
    case 'literal': {
      if (expression.type !== 'number') return untyped(expression, 'number');
      const { value } = expression;
      return () => value;
    }
    case 'negate': {
      const operand = compileNumber(expression.operand, readerOf);
      return (row) => {
        const value = operand(row);
        return value === null ? null : { n: -value.n, d: value.d };
      };
    }
    case 'arithmetic': {
      const left = compileNumber(expression.left, readerOf);
      const right = compileNumber(expression.right, readerOf);
      const combine = ARITHMETIC[expression.operator];
      return (row) => {
        const a = left(row);
        const b = a === null ? null : right(row);
        return a === null || b === null ? null : combine(a, b);
      };
    }
    case 'call':
      return compileNumberCall(expression, readerOf);
  }
}

const ARITHMETIC: Readonly<Record<'+' | '-' | '*' | '/', (a: Fraction, b: Fraction) => Fraction | null>> = {
  '+': (a, b) => (a.d === b.d ? { n: a.n + b.n, d: a.d } : { n: a.n * b.d + b.n * a.d, d: a.d * b.d }),
  '-': (a, b) => (a.d === b.d ? { n: a.n - b.n, d: a.d } : { n: a.n * b.d - b.n * a.d, d: a.d * b.d }),
  '*': (a, b) => ({ n: a.n * b.n, d: a.d * b.d }),
  '/': (a, b) => {
    if (b.n === 0n) return null;
    const sign = b.n < 0n ? -1n : 1n;
    return { n: a.n * b.d * sign, d: a.d * b.n * sign };
  },
};

const integer = (value: number): Fraction => ({ n: BigInt(value), d: 1n });

type Call = Extract<Expression, { node: 'call' }>;

function compileNumberCall<Row>(call: Call, readerOf: ReaderOf<Row>): Evaluate<Row, Fraction> {
  const [first = call, second = call] = call.args;
  switch (call.name) {
    case 'coalesce':
      return firstOf(call.args.map((arg) => compileNumber(arg, readerOf)));
    case 'abs': {
      const operand = compileNumber(first, readerOf);
      return (row) => {
        const value = operand(row);
        return value === null || value.n >= 0n ? value : { n: -value.n, d: value.d };
      };
    }
    case 'len': {
      const operand = compileString(first, readerOf);
      return (row) => {
        const value = operand(row);
        return value === null ? null : integer(trimTrailingBlanks(value).length);
      };
    }
    case 'year':
    case 'month':
    case 'day': {
      const operand = compileDate(first, readerOf);
      const [from, to] = { year: [0, 4], month: [5, 7], day: [8, 10] }[call.name];
      return (row) => {
        const value = operand(row);
        return value === null ? null : integer(Number(value.slice(from, to)));
      };
    }
    case 'datediff': {
      const from = compileDate(first, readerOf);
      const to = compileDate(second, readerOf);
      return (row) => {
        const start = from(row);
        const end = start === null ? null : to(row);
        return start === null || end === null ? null : integer(daysBetween(start, end));
      };
    }
    default:
      return untyped(call, 'number');
  }
}

/** Compiles a text, neither folded nor trimmed. */
export function compileString<Row>(expression: Expression, readerOf: ReaderOf<Row>): Evaluate<Row, string> {
  switch (expression.node) {
    case 'column':
      return stringReader(expression, readerOf);
    case 'literal': {
      if (expression.type !== 'string') return untyped(expression, 'string');
      const { value } = expression;
      return () => value;
    }
    case 'call':
      return compileStringCall(expression, readerOf);
    case 'negate':
    case 'arithmetic':
      return untyped(expression, 'string');
  }
}

const TEXT_FUNCTIONS: Readonly<Record<'upper' | 'lower' | 'trim' | 'ltrim' | 'rtrim', (value: string) => string>> = {
  upper: (value) => value.toUpperCase(),
  lower: (value) => value.toLowerCase(),
  trim: (value) => trimLeadingBlanks(trimTrailingBlanks(value)),
  ltrim: trimLeadingBlanks,
  rtrim: trimTrailingBlanks,
};

function compileStringCall<Row>(call: Call, readerOf: ReaderOf<Row>): Evaluate<Row, string> {
  const [first = call, count] = call.args;
  const operand = call.name === 'coalesce' ? null : compileString(first, readerOf);
  switch (call.name) {
    case 'coalesce':
      return firstOf(call.args.map((arg) => compileString(arg, readerOf)));
    case 'left':
    case 'right': {
      const length = count?.node === 'literal' && count.type === 'number' ? Number(count.value.n / count.value.d) : 0;
      const isLeft = call.name === 'left';
      return (row) => {
        const value = operand?.(row) ?? null;
        if (value === null) return null;
        return isLeft ? value.slice(0, length) : value.slice(Math.max(0, value.length - length));
      };
    }
    case 'upper':
    case 'lower':
    case 'trim':
    case 'ltrim':
    case 'rtrim': {
      const change = TEXT_FUNCTIONS[call.name];
      return (row) => {
        const value = operand?.(row) ?? null;
        return value === null ? null : change(value);
      };
    }
    default:
      return untyped(call, 'string');
  }
}

/** Compiles a date as `YYYY-MM-DD`. */
export function compileDate<Row>(expression: Expression, readerOf: ReaderOf<Row>): Evaluate<Row, string> {
  if (expression.node === 'column') return dateReader(expression, readerOf);
  if (expression.node === 'literal' && expression.type === 'date') {
    const { value } = expression;
    return () => value;
  }
  if (expression.node === 'call' && expression.name === 'coalesce') {
    return firstOf(expression.args.map((arg) => compileDate(arg, readerOf)));
  }
  return untyped(expression, 'date');
}

/** Compiles a flag. */
export function compileBoolean<Row>(expression: Expression, readerOf: ReaderOf<Row>): Evaluate<Row, boolean> {
  if (expression.node === 'column') return booleanReader(expression, readerOf);
  if (expression.node === 'literal' && expression.type === 'boolean') {
    const { value } = expression;
    return () => value;
  }
  if (expression.node === 'call' && expression.name === 'coalesce') {
    return firstOf(expression.args.map((arg) => compileBoolean(arg, readerOf)));
  }
  return untyped(expression, 'boolean');
}

/** -1, 0 or 1 for two numbers, or null when one is missing. */
export function compareNumbers<Row>(
  left: Evaluate<Row, Fraction>,
  right: Evaluate<Row, Fraction>,
): Evaluate<Row, -1 | 0 | 1> {
  return (row) => {
    const a = left(row);
    const b = a === null ? null : right(row);
    return a === null || b === null ? null : compareFractions(a, b);
  };
}
