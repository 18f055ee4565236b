import { positionAt, RuleError } from './rule-error';
import { type Token } from './tokens';

/** Deepest nesting of parentheses, `not` and signs. */
const MAX_RULE_DEPTH = 24;

/** Text handed to the SQL grammar, and for each token where its stand-in begins there. */
export interface BracketedText {
  readonly sql: string;
  readonly starts: readonly number[];
  /** Where the stand-in of the last token ends. */
  readonly end: number;
}

const KEYWORDS = new Set(['and', 'or', 'not', 'in', 'between', 'like', 'is', 'null']);

/** The keyword a token stands for in lower case; null for every other token, quoted names included. */
function keywordOf(token: Token | undefined): string | null {
  if (token?.kind !== 'name' || token.quoted || token.parts.length !== 1) return null;
  const word = token.text.toLowerCase();
  return KEYWORDS.has(word) ? word : null;
}

interface Level {
  readonly kind: 'rule' | 'group' | 'list';
  readonly offset: number;
  readonly depth: number;
  /** `between`s whose `and` has not come yet. */
  betweens: number;
}

/**
 * Rewrites the tokens into a condition that the SQL grammar cannot misread:
 * names and literals become `t<index>`, functions `f<index>`, so that no text of a user reaches the grammar;
 * every operand of AND and OR is put in parentheses, since node-sql-parser 5.4 reads `a or (b) and c` as
 * `(a or b) and c`; and `not (` becomes `not + (`, since it takes `not (` for a call of a function named "not".
 */
export function bracket(text: string, tokens: readonly Token[]): BracketedText {
  const levels: Level[] = [{ kind: 'rule', offset: 0, depth: 0, betweens: 0 }];
  const starts: number[] = [];
  let sql = '( ( ';
  let prefixes = 0;
  tokens.forEach((token, index) => {
    const level = levels.at(-1) as Level;
    const previous = tokens[index - 1];
    starts.push(sql.length);
    const isPrefix = isPrefixOperator(tokens, index);
    prefixes = isPrefix ? prefixes + 1 : 0;
    const opens = token.text === '(' && token.kind === 'symbol';
    if (level.depth + prefixes + (opens ? 1 : 0) > MAX_RULE_DEPTH) {
      throw new RuleError(
        'RULE_TOO_LARGE',
        `The rule is nested deeper than ${MAX_RULE_DEPTH} levels; remove needless parentheses or split it.`,
        positionAt(text, token.offset),
      );
    }
    if (opens) {
      const isList = keywordOf(previous) === 'in' || isFunctionName(previous);
      levels.push({ kind: isList ? 'list' : 'group', offset: token.offset, depth: level.depth + 1, betweens: 0 });
      sql += isList ? '( ' : '( ( ( ';
    } else if (token.text === ')' && token.kind === 'symbol') {
      if (levels.length === 1) throw syntax(text, token, 'This ")" closes nothing; remove it or add "(" before.');
      levels.pop();
      sql += level.kind === 'list' ? ') ' : ') ) ) ';
    } else {
      sql += `${standIn(text, tokens, index, level)} `;
    }
  });
  const open = levels.at(-1);
  if (open !== undefined && levels.length > 1) {
    throw new RuleError('RULE_SYNTAX', 'This "(" is never closed; add ")".', positionAt(text, open.offset));
  }
  return { sql: `${sql}) )`, starts, end: sql.length };
}

function standIn(text: string, tokens: readonly Token[], index: number, level: Level): string {
  const token = tokens[index] as Token;
  const next = tokens[index + 1];
  const keyword = keywordOf(token);
  switch (keyword) {
    case 'between':
      level.betweens += 1;
      return keyword;
    case 'and':
      if (level.betweens > 0) {
        level.betweens -= 1;
        return keyword;
      }
      return level.kind === 'list' ? keyword : ') and (';
    case 'or':
      return level.kind === 'list' ? keyword : ') ) or ( (';
    case 'null':
      if (!followsIs(tokens, index)) {
        throw syntax(
          text,
          token,
          'null may only stand in "is null" and "is not null"; a comparison with null is never true.',
        );
      }
      return keyword;
    case 'not':
      return next?.text === '(' ? 'not +' : keyword;
    case null:
      break;
    default:
      return keyword;
  }
  if (token.kind !== 'symbol') return next?.text === '(' && isFunctionName(token) ? `f${index}` : `t${index}`;
  if (token.text === ',' && level.kind !== 'list') {
    throw syntax(
      text,
      token,
      'A comma only separates the values of an in (...) list or the arguments of a function; join conditions with and / or.',
    );
  }
  return token.text;
}

/** A name that calls a function when "(" follows. */
const isFunctionName = (token: Token | undefined): boolean => token?.kind === 'name' && keywordOf(token) === null;

function followsIs(tokens: readonly Token[], index: number): boolean {
  const previous = keywordOf(tokens[index - 1]);
  return previous === 'is' || (previous === 'not' && keywordOf(tokens[index - 2]) === 'is');
}

/** A `not` or sign in front of an operand; signs between operands and the `not` of `not in` are none. */
function isPrefixOperator(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  if (keywordOf(token) === 'not') return true;
  if (token?.kind !== 'symbol' || (token.text !== '-' && token.text !== '+')) return false;
  const previous = tokens[index - 1];
  if (previous === undefined || keywordOf(previous) !== null) return true;
  return previous.kind === 'symbol' && previous.text !== ')';
}

/** The first plus sign that stands before an operand; the grammar's own unary plus is reserved for `not + (`. */
export function findUnaryPlus(tokens: readonly Token[]): Token | undefined {
  return tokens.find(
    (token, index) => token.text === '+' && token.kind === 'symbol' && isPrefixOperator(tokens, index),
  );
}

const syntax = (text: string, token: Token, message: string): RuleError =>
  new RuleError('RULE_SYNTAX', message, positionAt(text, token.offset));
