import { type Fraction } from './decimal';
import { type LikeMatcher } from './like-pattern';
import { type RulePosition } from './rule-error';
import { type ArithmeticOperator, type ComparisonOperator } from './syntax-tree';

/** Type of a value; `custom` is a member of a JSON column whose use in the rule has not decided its type yet. */
export type ValueType = 'number' | 'string' | 'date' | 'boolean' | 'custom';

/** A function of the language. */
export type FunctionName =
  | 'upper'
  | 'lower'
  | 'trim'
  | 'ltrim'
  | 'rtrim'
  | 'left'
  | 'right'
  | 'len'
  | 'abs'
  | 'year'
  | 'month'
  | 'day'
  | 'datediff'
  | 'coalesce';

/** A column, or a member of a JSON column. */
export interface ColumnExpression {
  readonly node: 'column';
  readonly type: ValueType;
  /** Name in the catalogue. */
  readonly column: string;
  /** Decimals of a numeric column's integers; 2 for money. */
  readonly scale: number;
  /** Member of a JSON column, in the case it is stored in; null for a plain column. */
  readonly member: string | null;
  readonly position: RulePosition;
}

/** A value as it is written in the rule. */
export type LiteralExpression = { readonly node: 'literal'; readonly position: RulePosition } & (
  | { readonly type: 'number'; readonly value: Fraction }
  | { readonly type: 'string' | 'date'; readonly value: string }
  | { readonly type: 'boolean'; readonly value: boolean }
);

/** A typed value. */
export type Expression =
  | ColumnExpression
  | LiteralExpression
  | { readonly node: 'negate'; readonly type: 'number'; readonly operand: Expression; readonly position: RulePosition }
  | {
      readonly node: 'arithmetic';
      readonly type: 'number';
      readonly operator: ArithmeticOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly position: RulePosition;
    }
  | {
      readonly node: 'call';
      readonly type: ValueType;
      readonly name: FunctionName;
      readonly args: readonly Expression[];
      readonly position: RulePosition;
    };

/** A typed condition. `between` has become two comparisons, `isnull` a `coalesce`. */
export type Condition =
  | {
      readonly node: 'compare';
      readonly operator: ComparisonOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly node: 'in'; readonly operand: Expression; readonly items: readonly Expression[] }
  | { readonly node: 'like'; readonly operand: Expression; readonly pattern: string; readonly matcher: LikeMatcher }
  | { readonly node: 'is_null'; readonly operand: Expression }
  | { readonly node: 'and' | 'or'; readonly items: readonly Condition[] }
  | { readonly node: 'not'; readonly operand: Condition };

/** Name under which a rule's log and the caller's reader know a column: `fico`, `custom_data.branch`. */
export const columnName = ({ column, member }: ColumnExpression): string =>
  member === null ? column : `${column}.${member}`;

/** Columns of an expression, in reading order, repeats included. */
export function columnsOf(expression: Expression): ColumnExpression[] {
  switch (expression.node) {
    case 'column':
      return [expression];
    case 'literal':
      return [];
    case 'negate':
      return columnsOf(expression.operand);
    case 'arithmetic':
      return [...columnsOf(expression.left), ...columnsOf(expression.right)];
    case 'call':
      return expression.args.flatMap(columnsOf);
  }
}

/** Columns of a condition, in reading order, repeats included. */
export function columnsOfCondition(condition: Condition): ColumnExpression[] {
  switch (condition.node) {
    case 'compare':
      return [...columnsOf(condition.left), ...columnsOf(condition.right)];
    case 'in':
      return [condition.operand, ...condition.items].flatMap(columnsOf);
    case 'like':
    case 'is_null':
      return columnsOf(condition.operand);
    case 'and':
    case 'or':
      return condition.items.flatMap(columnsOfCondition);
    case 'not':
      return columnsOfCondition(condition.operand);
  }
}
