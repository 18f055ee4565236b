import { adoptType, commonType } from './adopt-type';
import { type ColumnCatalogue, nearestNames } from './column-catalogue';
import { type Condition, type Expression } from './expression';
import { compileLike } from './like-pattern';
import { findFunction, typedCall } from './rule-functions';
import { positionAt, RuleError, type RuleErrorCode, type RulePosition } from './rule-error';
import { type SyntaxNode } from './syntax-tree';
import { type Token } from './tokens';

/** Most `+ - * /` of a rule; exact fractions grow with each of them. */
const MAX_ARITHMETIC = 64;

/** Gives every node of a rule its type against the catalogue. Throws RuleError at the token that does not fit. */
export class TypeChecker {
  private arithmeticCount = 0;

  constructor(
    private readonly text: string,
    private readonly columns: ColumnCatalogue,
  ) {}

  condition(node: SyntaxNode): Condition {
    switch (node.op) {
      case 'and':
      case 'or':
        return this.junction(node);
      case 'not':
        return { node: 'not', operand: this.condition(node.operand) };
      case 'compare':
        return this.comparison(node);
      case 'between': {
        const [operand, low, high] = this.sameType([node.operand, node.low, node.high], node);
        return {
          node: 'and',
          items: [
            { node: 'compare', operator: '>=', left: operand as Expression, right: low as Expression },
            { node: 'compare', operator: '<=', left: operand as Expression, right: high as Expression },
          ],
        };
      }
      case 'in': {
        const [operand, ...items] = this.sameType([node.operand, ...node.items], node);
        return { node: 'in', operand: operand as Expression, items };
      }
      case 'like':
        return this.like(node);
      case 'is_null':
        return { node: 'is_null', operand: this.value(node.operand) };
      case 'leaf':
      case 'call':
      case 'negate':
      case 'arithmetic':
        throw this.fail(
          node,
          'RULE_TYPE_MISMATCH',
          'A value alone is no condition; compare it, as in fico >= 680 or column = true.',
        );
    }
  }

  private junction(node: Extract<SyntaxNode, { op: 'and' | 'or' }>): Condition {
    const items: Condition[] = [];
    const collect = (part: SyntaxNode): void => {
      if (part.op === node.op && (part.op === 'and' || part.op === 'or')) {
        collect(part.left);
        collect(part.right);
      } else {
        const item = this.condition(part);
        if (item.node === node.op) items.push(...item.items);
        else items.push(item);
      }
    };
    collect(node);
    return { node: node.op, items };
  }

  private comparison(node: Extract<SyntaxNode, { op: 'compare' }>): Condition {
    const [left, right] = this.sameType([node.left, node.right], node) as [Expression, Expression];
    if (left.type === 'boolean' && node.operator !== '=' && node.operator !== '<>') {
      throw this.fail(node, 'RULE_TYPE_MISMATCH', `A flag is not smaller or greater than another; use = or <>.`);
    }
    return { node: 'compare', operator: node.operator, left, right };
  }

  private like(node: Extract<SyntaxNode, { op: 'like' }>): Condition {
    const operand = adoptType(this.value(node.operand), 'string');
    const pattern = node.pattern.op === 'leaf' ? node.pattern.token : undefined;
    if (pattern?.kind !== 'string') {
      throw this.fail(
        node.pattern,
        'RULE_NOT_SUPPORTED',
        "like needs a pattern in quotes, as in product like 'CONV%'.",
      );
    }
    const matcher = compileLike(pattern.value);
    if (typeof matcher === 'string') throw this.fail(node.pattern, 'RULE_BAD_LITERAL', matcher);
    return { node: 'like', operand, pattern: pattern.value, matcher };
  }

  private sameType(nodes: readonly SyntaxNode[], whole: SyntaxNode): Expression[] {
    const values = nodes.map((node) => this.value(node));
    const type = commonType(values);
    if (type === 'boolean' && whole.op === 'between') {
      throw this.fail(whole, 'RULE_TYPE_MISMATCH', 'A flag has no range; use = true or = false.');
    }
    return values.map((value) => adoptType(value, type));
  }

  private value(node: SyntaxNode): Expression {
    const position = this.position(node);
    switch (node.op) {
      case 'leaf':
        return this.leaf(node.token, position);
      case 'call':
        return this.call(node, position);
      case 'negate': {
        const operand = adoptType(this.value(node.operand), 'number');
        if (operand.node === 'literal' && operand.type === 'number') {
          return { ...operand, value: { n: -operand.value.n, d: operand.value.d }, position };
        }
        return { node: 'negate', type: 'number', operand, position };
      }
      case 'arithmetic': {
        this.arithmeticCount += 1;
        if (this.arithmeticCount > MAX_ARITHMETIC) {
          throw this.fail(
            node,
            'RULE_TOO_LARGE',
            `The rule has more than ${MAX_ARITHMETIC} calculations; simplify it.`,
          );
        }
        const left = adoptType(this.value(node.left), 'number');
        const right = adoptType(this.value(node.right), 'number');
        return { node: 'arithmetic', type: 'number', operator: node.operator, left, right, position };
      }
      default:
        throw this.fail(
          node,
          'RULE_TYPE_MISMATCH',
          'A condition cannot be used as a value; join conditions with and / or.',
        );
    }
  }

  private call(node: Extract<SyntaxNode, { op: 'call' }>, position: RulePosition): Expression {
    const signature = findFunction(node.token.text, position);
    if (signature.name !== 'datediff')
      return typedCall(
        signature,
        node.args.map((arg) => this.value(arg)),
        position,
      );
    const [unit, ...dates] = node.args;
    const unitName = unit?.op === 'leaf' && unit.token.kind === 'name' ? unit.token.text.toLowerCase() : '';
    if (!['day', 'dd', 'd'].includes(unitName)) {
      throw this.fail(unit ?? node, 'RULE_NOT_SUPPORTED', `datediff counts days only; write ${signature.usage}.`);
    }
    return typedCall(
      signature,
      dates.map((arg) => this.value(arg)),
      position,
    );
  }

  private leaf(token: Token, position: RulePosition): Expression {
    switch (token.kind) {
      case 'string':
        return { node: 'literal', type: 'string', value: token.value, position };
      case 'number':
        return { node: 'literal', type: 'number', value: token.value, position };
      case 'name':
        return this.column(token, position);
      case 'symbol':
        throw new RuleError('RULE_SYNTAX', `"${token.text}" is not a value.`, position);
    }
  }

  private column(token: Extract<Token, { kind: 'name' }>, position: RulePosition): Expression {
    const [first = '', second, ...rest] = token.parts;
    const name = first.toLowerCase();
    const type = this.columns.get(name);
    if (second !== undefined && rest.length === 0 && type?.kind === 'json') {
      return { node: 'column', type: 'custom', column: name, scale: 0, member: second, position };
    }
    if (second !== undefined) throw this.qualified(token, position);
    switch (type?.kind) {
      case 'money':
        return { node: 'column', type: 'number', column: name, scale: 2, member: null, position };
      case 'number':
        return { node: 'column', type: 'number', column: name, scale: type.scale, member: null, position };
      case 'string':
      case 'date':
      case 'boolean':
        return { node: 'column', type: type.kind, column: name, scale: 0, member: null, position };
      case 'json':
        throw new RuleError(
          'RULE_TYPE_MISMATCH',
          `${name} holds many values; write ${name}.column for one of them.`,
          position,
        );
      case undefined:
        break;
    }
    if (!token.quoted && (name === 'true' || name === 'false')) {
      return { node: 'literal', type: 'boolean', value: name === 'true', position };
    }
    throw this.unknown(first, position);
  }

  private qualified(token: Extract<Token, { kind: 'name' }>, position: RulePosition): RuleError {
    const last = token.parts.at(-1)?.toLowerCase() ?? '';
    if (this.columns.has(last)) {
      return new RuleError('RULE_UNKNOWN_COLUMN', `Columns stand without a table name; write ${last}.`, position);
    }
    return this.unknown(token.parts.join('.'), position);
  }

  private unknown(written: string, position: RulePosition): RuleError {
    const near = nearestNames(written, this.columns.keys());
    const names = [...this.columns.keys()].sort();
    const choice =
      near.length > 0
        ? `Did you mean ${near.join(', ')}?`
        : `Columns of this rule: ${names.slice(0, 60).join(', ')}. Text must stand in quotes.`;
    return new RuleError('RULE_UNKNOWN_COLUMN', `There is no column "${written.slice(0, 60)}". ${choice}`, position);
  }

  private position(node: SyntaxNode): RulePosition {
    return positionAt(this.text, firstToken(node).offset);
  }

  private fail(node: SyntaxNode, code: RuleErrorCode, message: string): RuleError {
    return new RuleError(code, message, this.position(node));
  }
}

/** The leftmost token of a node; signs and `not` are not tokens of the tree. */
function firstToken(node: SyntaxNode): Token {
  switch (node.op) {
    case 'leaf':
    case 'call':
      return node.token;
    case 'compare':
    case 'arithmetic':
    case 'and':
    case 'or':
      return firstToken(node.left);
    case 'negate':
    case 'not':
    case 'in':
    case 'between':
    case 'like':
    case 'is_null':
      return firstToken(node.operand);
  }
}
