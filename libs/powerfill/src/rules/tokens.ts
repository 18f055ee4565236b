import { parseFraction, type Fraction } from './decimal';
import { positionAt, RuleError, type RuleErrorCode } from './rule-error';

/** Longest rule text in UTF-16 units; the desk's longest are under 500. */
const MAX_RULE_LENGTH = 4000;
/** Most tokens of a rule; an `in` list of n values has 2n + 1. */
const MAX_RULE_TOKENS = 1500;
/** Most digits of a number before and after the point. */
const MAX_DIGITS = 20;

/** A lexical unit; `offset` points into the rule's text, `text` is what stands there. */
export type Token = { readonly offset: number; readonly text: string } & (
  | { readonly kind: 'name'; readonly parts: readonly string[]; readonly quoted: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: Fraction }
  | { readonly kind: 'symbol' }
);

const SYMBOL = /<=|>=|<>|!=|[()=<>+\-*/,]/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const WORD = /[\p{L}_][\p{L}\p{N}_]*/uy;
const BLANK = /[ \t\r\n]*/y;

/**
 * Splits a rule into tokens. Literals are decoded here and not by the SQL grammar, which would turn `0.10` into a
 * binary float, keep doubled quotes doubled and read backslashes as escapes.
 */
export function tokenize(text: string): Token[] {
  if (text.length > MAX_RULE_LENGTH) {
    throw fail(
      text,
      MAX_RULE_LENGTH,
      'RULE_TOO_LARGE',
      `The rule has ${text.length} characters; at most ${MAX_RULE_LENGTH} are allowed. Split it into several rules.`,
    );
  }
  const tokens: Token[] = [];
  for (let at = skipBlanks(text, 0); at < text.length;) {
    if (tokens.length === MAX_RULE_TOKENS) {
      throw fail(
        text,
        at,
        'RULE_TOO_LARGE',
        `The rule has more than ${MAX_RULE_TOKENS} words and signs; split it into several rules.`,
      );
    }
    const token = readToken(text, at);
    tokens.push(token);
    at = skipBlanks(text, token.offset + token.text.length);
  }
  if (tokens.length === 0) {
    throw fail(text, 0, 'RULE_EMPTY', "The rule is empty; write a condition such as property_state <> 'NY'.");
  }
  return tokens;
}

function readToken(text: string, at: number): Token {
  const char = text[at] ?? '';
  if (char === "'") return readString(text, at, at);
  if ((char === 'N' || char === 'n') && text[at + 1] === "'") return readString(text, at, at + 1);
  if (/[0-9.]/.test(char)) return readNumber(text, at);
  if (text.startsWith('--', at) || text.startsWith('/*', at)) {
    throw fail(
      text,
      at,
      'RULE_NOT_SUPPORTED',
      'Comments are not part of a rule; remove it. To subtract a negative number write "- (-3)".',
    );
  }
  const symbol = match(SYMBOL, text, at);
  if (symbol !== null) return { kind: 'symbol', offset: at, text: symbol };
  if (char === '[' || char === '"' || match(WORD, text, at) !== null) return readName(text, at);
  if (char === ';')
    throw fail(text, at, 'RULE_NOT_SUPPORTED', 'A rule is one condition without ";"; remove it and what follows.');
  const shown = String.fromCodePoint(text.codePointAt(at) ?? 0);
  throw fail(
    text,
    at,
    'RULE_SYNTAX',
    `The sign "${shown}" is not part of the rule language; use = <> < <= > >= + - * / and parentheses.`,
  );
}

function readString(text: string, offset: number, quoteAt: number): Token {
  let value = '';
  for (let at = quoteAt + 1; ;) {
    const quote = text.indexOf("'", at);
    if (quote < 0)
      throw fail(
        text,
        offset,
        'RULE_BAD_LITERAL',
        "The text has no closing quote; add ' (a quote inside is doubled: 'it''s').",
      );
    value += text.slice(at, quote);
    if (text[quote + 1] !== "'") return { kind: 'string', offset, text: text.slice(offset, quote + 1), value };
    value += "'";
    at = quote + 2;
  }
}

function readNumber(text: string, at: number): Token {
  const digits = match(NUMBER, text, at);
  if (digits === null)
    throw fail(text, at, 'RULE_SYNTAX', 'A point stands alone here; write a number such as 0.5 or a column name.');
  const after = match(WORD, text, at + digits.length) ?? match(NUMBER, text, at + digits.length);
  if (after !== null)
    throw fail(text, at, 'RULE_BAD_LITERAL', `"${digits}${after}" is neither a number nor a name; put text in quotes.`);
  const [mantissa = '', exponent = '0'] = digits.toLowerCase().split('e');
  const [whole = '', decimals = ''] = mantissa.split('.');
  const normal = `${whole === '' ? '0' : whole}.${decimals === '' ? '0' : decimals}e${exponent}`;
  const value = parseFraction(normal);
  if (
    value === null ||
    whole.length > MAX_DIGITS ||
    decimals.length > MAX_DIGITS ||
    Math.abs(Number(exponent)) > MAX_DIGITS
  ) {
    throw fail(
      text,
      at,
      'RULE_BAD_LITERAL',
      `The number is out of range; use at most ${MAX_DIGITS} digits on each side of the point.`,
    );
  }
  return { kind: 'number', offset: at, text: digits, value };
}

/** A name such as `fico`, `[fico]`, `"fico"` or `custom_data.name`; the dot joins parts only without blanks. */
function readName(text: string, offset: number): Token {
  const parts: string[] = [];
  let quoted = false;
  let at = offset;
  for (;;) {
    const open = text[at];
    if (open === '[' || open === '"') {
      const close = text.indexOf(open === '[' ? ']' : '"', at + 1);
      if (close <= at + 1)
        throw fail(
          text,
          at,
          'RULE_SYNTAX',
          `The quoted name is empty or not closed; write ${open === '[' ? '[name]' : '"name"'}.`,
        );
      parts.push(text.slice(at + 1, close));
      quoted = true;
      at = close + 1;
    } else {
      const word = match(WORD, text, at);
      if (word === null) throw fail(text, at, 'RULE_SYNTAX', 'A name must follow the point, as in custom_data.name.');
      parts.push(word);
      at += word.length;
    }
    if (text[at] !== '.') return { kind: 'name', offset, text: text.slice(offset, at), parts, quoted };
    at += 1;
  }
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

const skipBlanks = (text: string, at: number): number => at + (match(BLANK, text, at)?.length ?? 0);

const fail = (text: string, offset: number, code: RuleErrorCode, message: string): RuleError =>
  new RuleError(code, message, positionAt(text, offset));
