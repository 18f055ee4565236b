import { floorFraction, type Fraction, pow10, scaledInteger } from './decimal';
import { type Condition, type Expression } from './expression';
import { integerReader, type ReaderOf } from './row-values';
import { type ComparisonOperator } from './syntax-tree';
import { Truth, truthOf } from './truth';

const MIRRORED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * A numeric column against a number written in the rule, without bigints: the number is brought to the column's scale
 * once (125000 against cents: 12500000). Null when the comparison has another shape.
 */
export function compileNumberAgainstLiteral<Row>(
  { left, right, operator }: Extract<Condition, { node: 'compare' }>,
  readerOf: ReaderOf<Row>,
): ((row: Row) => Truth) | null {
  if (left.node === 'literal' && right.node === 'column') {
    return compileNumberAgainstLiteral(
      { node: 'compare', operator: MIRRORED[operator], left: right, right: left },
      readerOf,
    );
  }
  if (left.node !== 'column' || left.type !== 'number' || left.member !== null) return null;
  if (right.node !== 'literal' || right.type !== 'number') return null;
  const read = integerReader(left, readerOf);
  const holds = threshold(operator, right.value, left.scale);
  return (row) => {
    const value = read(row);
    return value === null ? Truth.Unknown : truthOf(holds(value));
  };
}

/** Test of a scaled integer. A number between two steps of the scale, or beyond every safe integer, equals none of them. */
function threshold(operator: ComparisonOperator, literal: Fraction, scale: number): (value: number) => boolean {
  const exact = scaledInteger(literal, scale);
  if (exact !== null && exact <= LARGEST && exact >= -LARGEST) {
    const bound = Number(exact);
    switch (operator) {
      case '=':
        return (value) => value === bound;
      case '<>':
        return (value) => value !== bound;
      case '<':
        return (value) => value < bound;
      case '<=':
        return (value) => value <= bound;
      case '>':
        return (value) => value > bound;
      case '>=':
        return (value) => value >= bound;
    }
  }
  const below = Number(clamp(floorFraction({ n: literal.n * pow10(scale), d: literal.d })));
  switch (operator) {
    case '=':
      return () => false;
    case '<>':
      return () => true;
    case '<':
    case '<=':
      return (value) => value <= below;
    case '>':
    case '>=':
      return (value) => value > below;
  }
}

/** Into -2^53 .. 2^53 - 1, so that every safe integer lies on the right side of the bound. */
const clamp = (value: bigint): bigint => (value > LARGEST ? LARGEST : value < -LARGEST ? -LARGEST - 1n : value);

/** A numeric column in a list of numbers; null when the list or the operand has another shape. */
export function compileNumberInLiterals<Row>(
  operand: Expression,
  items: readonly Expression[],
  readerOf: ReaderOf<Row>,
): ((row: Row) => Truth) | null {
  if (operand.node !== 'column' || operand.type !== 'number' || operand.member !== null) return null;
  const wanted = new Set<number>();
  for (const item of items) {
    if (item.node !== 'literal' || item.type !== 'number') return null;
    const exact = scaledInteger(item.value, operand.scale);
    if (exact !== null && exact <= LARGEST && exact >= -LARGEST) wanted.add(Number(exact));
  }
  const read = integerReader(operand, readerOf);
  return (row) => {
    const value = read(row);
    return value === null ? Truth.Unknown : truthOf(wanted.has(value));
  };
}
