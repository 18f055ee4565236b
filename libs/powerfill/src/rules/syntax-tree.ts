import { Parser } from 'node-sql-parser/build/transactsql';
import { bracket, type BracketedText, findUnaryPlus } from './bracketing';
import { positionAt, RuleError } from './rule-error';
import { type Token } from './tokens';

/** An operator that compares two values. */
export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>=';
/** An operator that calculates with two numbers. */
export type ArithmeticOperator = '+' | '-' | '*' | '/';

/** Structure of a rule before columns and types are known; leaves are tokens of the rule's text. */
export type SyntaxNode =
  | { readonly op: 'leaf'; readonly token: Token }
  | { readonly op: 'call'; readonly token: Token; readonly args: readonly SyntaxNode[] }
  | { readonly op: 'negate'; readonly operand: SyntaxNode }
  | {
      readonly op: 'arithmetic';
      readonly operator: ArithmeticOperator;
      readonly left: SyntaxNode;
      readonly right: SyntaxNode;
    }
  | {
      readonly op: 'compare';
      readonly operator: ComparisonOperator;
      readonly left: SyntaxNode;
      readonly right: SyntaxNode;
    }
  | { readonly op: 'in'; readonly operand: SyntaxNode; readonly items: readonly SyntaxNode[] }
  | { readonly op: 'between'; readonly operand: SyntaxNode; readonly low: SyntaxNode; readonly high: SyntaxNode }
  | { readonly op: 'like'; readonly operand: SyntaxNode; readonly pattern: SyntaxNode }
  | { readonly op: 'is_null'; readonly operand: SyntaxNode }
  | { readonly op: 'and' | 'or'; readonly left: SyntaxNode; readonly right: SyntaxNode }
  | { readonly op: 'not'; readonly operand: SyntaxNode };

const parser = new Parser();
const PREFIX = 'SELECT * FROM r WHERE ';
const ADVICE = 'A condition compares a column with a value and conditions are joined by and / or.';

/** Parses a rule's structure with the T-SQL grammar of node-sql-parser. Throws RuleError for everything that is no condition. */
export function parseSyntax(text: string, tokens: readonly Token[]): SyntaxNode {
  const plus = findUnaryPlus(tokens);
  if (plus !== undefined)
    throw new RuleError(
      'RULE_SYNTAX',
      'A plus sign needs a value on its left; remove it.',
      positionAt(text, plus.offset),
    );
  return new TreeReader(text, tokens).read(grammarTree(text, tokens, bracket(text, tokens)));
}

function grammarTree(text: string, tokens: readonly Token[], bracketed: BracketedText): unknown {
  let statement: unknown;
  try {
    statement = parser.astify(PREFIX + bracketed.sql, { database: 'transactsql' });
  } catch (error) {
    throw syntaxError(text, tokens, bracketed, errorOffset(error));
  }
  const select: unknown = Array.isArray(statement) ? statement[0] : statement;
  return isRecord(select) ? select.where : undefined;
}

/** Where the grammar stopped, as an offset into its condition; past the end when it does not say. */
function errorOffset(error: unknown): number {
  const location = isRecord(error) ? error.location : undefined;
  const start = isRecord(location) ? location.start : undefined;
  const offset = isRecord(start) ? start.offset : undefined;
  return typeof offset === 'number' ? offset - PREFIX.length : Number.MAX_SAFE_INTEGER;
}

function syntaxError(text: string, tokens: readonly Token[], bracketed: BracketedText, offset: number): RuleError {
  const last = tokens.at(-1);
  if (last !== undefined && offset >= bracketed.end) {
    const end = positionAt(text, last.offset + last.text.length);
    return new RuleError('RULE_SYNTAX', `The rule ends too early after "${shorten(last.text)}". ${ADVICE}`, end);
  }
  const token =
    tokens[
      Math.max(
        0,
        bracketed.starts.findLastIndex((start) => start <= offset),
      )
    ];
  const found = `"${shorten(token?.text ?? '')}" is not expected here. ${ADVICE}`;
  return new RuleError('RULE_SYNTAX', found, positionAt(text, token?.offset ?? 0));
}

const shorten = (text: string): string => (text.length <= 40 ? text : `${text.slice(0, 39)}…`);

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Turns the grammar's tree into ours and refuses every construct that is not listed. */
class TreeReader {
  constructor(
    private readonly text: string,
    private readonly tokens: readonly Token[],
  ) {}

  read(node: unknown): SyntaxNode {
    if (isRecord(node)) {
      switch (node.type) {
        case 'column_ref':
          return { op: 'leaf', token: this.tokenOf(node.column) };
        case 'function':
          return { op: 'call', token: this.tokenOf(functionName(node)), args: this.list(node.args) };
        case 'unary_expr':
          return this.unary(node);
        case 'binary_expr':
          return this.binary(node);
      }
    }
    return this.refuse();
  }

  private unary(node: Record<string, unknown>): SyntaxNode {
    const operand = this.read(node.expr);
    switch (node.operator) {
      case 'NOT':
        return { op: 'not', operand };
      case '-':
        return { op: 'negate', operand };
      case '+':
        return operand;
      default:
        return this.refuse();
    }
  }

  private binary(node: Record<string, unknown>): SyntaxNode {
    const operand = this.read(node.left);
    const right = (): SyntaxNode => this.read(node.right);
    switch (node.operator) {
      case 'AND':
        return { op: 'and', left: operand, right: right() };
      case 'OR':
        return { op: 'or', left: operand, right: right() };
      case '!=':
      case '<>':
        return { op: 'compare', operator: '<>', left: operand, right: right() };
      case '=':
      case '<':
      case '<=':
      case '>':
      case '>=':
        return { op: 'compare', operator: node.operator, left: operand, right: right() };
      case '+':
      case '-':
      case '*':
      case '/':
        return { op: 'arithmetic', operator: node.operator, left: operand, right: right() };
      case 'LIKE':
        return { op: 'like', operand, pattern: right() };
      case 'NOT LIKE':
        return { op: 'not', operand: { op: 'like', operand, pattern: right() } };
      case 'IN':
        return { op: 'in', operand, items: this.list(node.right) };
      case 'NOT IN':
        return { op: 'not', operand: { op: 'in', operand, items: this.list(node.right) } };
      case 'BETWEEN':
        return this.between(operand, node.right);
      case 'NOT BETWEEN':
        return { op: 'not', operand: this.between(operand, node.right) };
      case 'IS':
        return this.isNull(operand, node.right);
      case 'IS NOT':
        return { op: 'not', operand: this.isNull(operand, node.right) };
      default:
        return this.refuse();
    }
  }

  private between(operand: SyntaxNode, bounds: unknown): SyntaxNode {
    const [low, high, ...rest] = this.list(bounds);
    if (low === undefined || high === undefined || rest.length > 0) return this.refuse();
    return { op: 'between', operand, low, high };
  }

  private isNull(operand: SyntaxNode, right: unknown): SyntaxNode {
    return isRecord(right) && right.type === 'null' ? { op: 'is_null', operand } : this.refuse();
  }

  private list(list: unknown): SyntaxNode[] {
    return isRecord(list) && list.type === 'expr_list' && Array.isArray(list.value)
      ? list.value.map((item) => this.read(item))
      : this.refuse();
  }

  /** The token a stand-in such as `t12` or `f3` was written for. */
  private tokenOf(standIn: unknown): Token {
    const index = typeof standIn === 'string' ? /^[tf](\d+)$/.exec(standIn)?.[1] : undefined;
    return this.tokens[Number(index ?? -1)] ?? this.refuse();
  }

  private refuse(): never {
    const message = `This is not a condition of the rule language. ${ADVICE}`;
    throw new RuleError('RULE_NOT_SUPPORTED', message, positionAt(this.text, this.tokens[0]?.offset ?? 0));
  }
}

function functionName(node: Record<string, unknown>): unknown {
  const parts: unknown = isRecord(node.name) ? node.name.name : undefined;
  const first: unknown = Array.isArray(parts) ? parts[0] : undefined;
  return isRecord(first) ? first.value : undefined;
}
