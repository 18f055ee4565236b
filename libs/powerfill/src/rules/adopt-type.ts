import { isIsoDate } from '../domain/calendar';
import { type Expression, type ValueType, columnName } from './expression';
import { RuleError } from './rule-error';
import { quoteString } from './string-values';
import { decimalText } from './decimal';

/** Whether an expression may still take another type than the one it has. */
const isFlexible = (expression: Expression): boolean => expression.node === 'literal' || expression.type === 'custom';

/**
 * The one type in which values are compared: that of the first column or function of known type; among literals and
 * custom columns alone number before boolean before string.
 */
export function commonType(expressions: readonly Expression[]): Exclude<ValueType, 'custom'> {
  const firm = expressions.find((expression) => !isFlexible(expression));
  if (firm !== undefined && firm.type !== 'custom') return firm.type;
  const types = new Set(expressions.map(({ type }) => type));
  return types.has('number') ? 'number' : types.has('boolean') ? 'boolean' : 'string';
}

/** The expression as a value of this type. Throws RULE_TYPE_MISMATCH or, for an impossible date, RULE_BAD_LITERAL. */
export function adoptType(expression: Expression, type: Exclude<ValueType, 'custom'>): Expression {
  if (expression.type === type) return expression;
  if (expression.node === 'column' && expression.type === 'custom') return { ...expression, type };
  if (expression.node === 'call' && expression.type === 'custom') {
    return { ...expression, type, args: expression.args.map((arg) => adoptType(arg, type)) };
  }
  if (expression.node === 'literal') {
    if (expression.type === 'string' && type === 'date') return { ...expression, type, value: dateLiteral(expression) };
    const flag = type === 'boolean' ? booleanLiteral(expression) : null;
    if (flag !== null) return { node: 'literal', type: 'boolean', value: flag, position: expression.position };
  }
  throw new RuleError('RULE_TYPE_MISMATCH', mismatch(expression, type), expression.position);
}

function dateLiteral(literal: { readonly value: string } & Pick<Expression, 'position'>): string {
  const text = literal.value.trim();
  const date = /^\d{8}$/.test(text) ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}` : text;
  if (isIsoDate(date)) return date;
  throw new RuleError(
    'RULE_BAD_LITERAL',
    `${quoteString(literal.value)} is not a date; write it as '2026-11-23'.`,
    literal.position,
  );
}

/** A flag column may be compared with true / false, 1 / 0 and 'Y' / 'N'. */
function booleanLiteral(literal: Extract<Expression, { node: 'literal' }>): boolean | null {
  if (literal.type === 'number') {
    if (literal.value.n === 0n) return false;
    return literal.value.n === literal.value.d ? true : null;
  }
  if (literal.type !== 'string') return null;
  const text = literal.value.trim().toLowerCase();
  return text === 'y' ? true : text === 'n' ? false : null;
}

const TYPE_WORDS = {
  number: 'a number',
  string: 'text',
  date: 'a date',
  boolean: 'a flag',
  custom: 'a custom value',
} as const;

function mismatch(expression: Expression, wanted: ValueType): string {
  const found = `${describe(expression)} is ${TYPE_WORDS[expression.type]}, but ${TYPE_WORDS[wanted]} is needed here`;
  if (expression.node === 'literal' && expression.type === 'number' && wanted === 'string') {
    return `${found}; put it in quotes: '${decimalText(expression.value)}'.`;
  }
  if (expression.node === 'literal' && expression.type === 'string' && wanted === 'number')
    return `${found}; write the number without quotes.`;
  if (wanted === 'boolean') return `${found}; compare a flag with true or false.`;
  if (wanted === 'date') return `${found}; write a date as '2026-11-23'.`;
  return `${found}; compare values of the same type.`;
}

function describe(expression: Expression): string {
  switch (expression.node) {
    case 'column':
      return columnName(expression);
    case 'literal':
      return expression.type === 'number'
        ? decimalText(expression.value)
        : typeof expression.value === 'boolean'
          ? String(expression.value)
          : quoteString(expression.value);
    case 'call':
      return `${expression.name}(...)`;
    case 'negate':
    case 'arithmetic':
      return 'The calculation';
  }
}
