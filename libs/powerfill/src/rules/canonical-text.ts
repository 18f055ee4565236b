import { decimalText } from './decimal';
import { type ColumnExpression, type Condition, type Expression } from './expression';
import { quoteString, trimTrailingBlanks } from './string-values';

/** A condition in normal form; see `canonicalText`. */
export function canonicalCondition(condition: Condition): string {
  switch (condition.node) {
    case 'compare':
      return `${value(condition.left)} ${condition.operator} ${value(condition.right)}`;
    case 'in':
      return `${value(condition.operand)} in (${condition.items.map(value).join(', ')})`;
    case 'like':
      return `${value(condition.operand)} like ${quoteString(trimTrailingBlanks(condition.pattern))}`;
    case 'is_null':
      return `${value(condition.operand)} is null`;
    case 'and':
    case 'or':
      return condition.items.map(bracketed).join(` ${condition.node} `);
    case 'not':
      return `not ${bracketed(condition.operand)}`;
  }
}

const bracketed = (condition: Condition): string => `(${canonicalCondition(condition)})`;

function value(expression: Expression): string {
  switch (expression.node) {
    case 'column':
      return column(expression);
    case 'literal':
      if (expression.type === 'number') return decimalText(expression.value);
      return typeof expression.value === 'boolean'
        ? String(expression.value)
        : quoteString(trimTrailingBlanks(expression.value));
    case 'negate':
      return `-(${value(expression.operand)})`;
    case 'arithmetic':
      return `(${value(expression.left)} ${expression.operator} ${value(expression.right)})`;
    case 'call': {
      const args = expression.args.map(value);
      return `${expression.name}(${(expression.name === 'datediff' ? ['day', ...args] : args).join(', ')})`;
    }
  }
}

const PLAIN_NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;
const KEYWORDS = new Set(['and', 'or', 'not', 'in', 'between', 'like', 'is', 'null', 'true', 'false']);

function column(expression: ColumnExpression): string {
  const name = quoteName(expression.column);
  return expression.member === null ? name : `${name}.${quoteName(expression.member)}`;
}

function quoteName(name: string): string {
  if (PLAIN_NAME.test(name) && !KEYWORDS.has(name.toLowerCase())) return name;
  return name.includes(']') ? `"${name}"` : `[${name}]`;
}
