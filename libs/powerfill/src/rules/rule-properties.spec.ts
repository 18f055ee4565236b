import fc from 'fast-check';
import { canonicalText, columnCatalogue, compileRule, parseRule, propertyReaders, RuleError, Truth } from './index';

/*
 * An independent model: conditions are trees over small integers and short texts, evaluated with true / false / null
 * and JavaScript numbers, and printed with no more parentheses than SQL's precedence needs. Parsing the print and
 * evaluating it must agree with the tree. The model shares no code with the library.
 */

const NUMBERS = ['a', 'b', 'c'] as const;
const TEXTS = ['s', 't'] as const;

const columns = columnCatalogue({
  a: { kind: 'number', scale: 0 },
  b: { kind: 'number', scale: 2 },
  c: { kind: 'money' },
  s: { kind: 'string' },
  t: { kind: 'string' },
  custom_data: { kind: 'json' },
});

type Row = Record<(typeof NUMBERS)[number], number | null> & Record<(typeof TEXTS)[number], string | null>;

type Num =
  | { readonly kind: 'column'; readonly name: (typeof NUMBERS)[number] }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'negate'; readonly of: Num }
  | { readonly kind: '+' | '-' | '*'; readonly left: Num; readonly right: Num };

type Cond =
  | {
      readonly kind: 'compare';
      readonly operator: '=' | '<>' | '<' | '<=' | '>' | '>=';
      readonly left: Num;
      readonly right: Num;
    }
  | {
      readonly kind: 'text';
      readonly operator: '=' | '<>';
      readonly name: (typeof TEXTS)[number];
      readonly value: string;
    }
  | { readonly kind: 'between'; readonly negated: boolean; readonly of: Num; readonly low: Num; readonly high: Num }
  | { readonly kind: 'in'; readonly negated: boolean; readonly of: Num; readonly items: readonly Num[] }
  | { readonly kind: 'null'; readonly negated: boolean; readonly of: Num }
  | { readonly kind: 'not'; readonly of: Cond }
  | { readonly kind: 'and' | 'or'; readonly left: Cond; readonly right: Cond };

const numbers = fc.letrec<{ num: Num }>((tie) => ({
  num: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    fc.record({ kind: fc.constant('column' as const), name: fc.constantFrom(...NUMBERS) }),
    fc.record({ kind: fc.constant('number' as const), value: fc.integer({ min: 0, max: 3 }) }),
    fc.record({ kind: fc.constant('negate' as const), of: tie('num') }),
    fc.record({ kind: fc.constantFrom('+' as const, '-' as const, '*' as const), left: tie('num'), right: tie('num') }),
  ),
})).num;

const negated = fc.boolean();
const conditions = fc.letrec<{ cond: Cond }>((tie) => ({
  cond: fc.oneof(
    { depthSize: 'medium', maxDepth: 5 },
    fc.record({
      kind: fc.constant('compare' as const),
      operator: fc.constantFrom('=' as const, '<>' as const, '<' as const, '<=' as const, '>' as const, '>=' as const),
      left: numbers,
      right: numbers,
    }),
    fc.record({
      kind: fc.constant('text' as const),
      operator: fc.constantFrom('=' as const, '<>' as const),
      name: fc.constantFrom(...TEXTS),
      value: fc.constantFrom('NY', 'ca ', "it's"),
    }),
    fc.record({ kind: fc.constant('between' as const), negated, of: numbers, low: numbers, high: numbers }),
    fc.record({
      kind: fc.constant('in' as const),
      negated,
      of: numbers,
      items: fc.array(numbers, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('null' as const), negated, of: numbers }),
    fc.record({ kind: fc.constant('not' as const), of: tie('cond') }),
    fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), left: tie('cond'), right: tie('cond') }),
  ),
})).cond;

const level = (num: Num): number => (num.kind === '+' || num.kind === '-' ? 1 : num.kind === '*' ? 2 : 3);
const wrap = (text: string, needed: boolean): string => (needed ? `(${text})` : text);

function printNum(num: Num): string {
  switch (num.kind) {
    case 'column':
      return num.name;
    case 'number':
      return String(num.value);
    case 'negate':
      return `-${wrap(printNum(num.of), num.of.kind !== 'column' && num.of.kind !== 'number')}`;
    default:
      return `${wrap(printNum(num.left), level(num.left) < level(num))} ${num.kind} ${wrap(printNum(num.right), level(num.right) <= level(num))}`;
  }
}

const quote = (text: string): string => `'${text.split("'").join("''")}'`;

function printCond(cond: Cond): string {
  const not = 'negated' in cond && cond.negated ? 'not ' : '';
  switch (cond.kind) {
    case 'compare':
      return `${printNum(cond.left)} ${cond.operator} ${printNum(cond.right)}`;
    case 'text':
      return `${cond.name} ${cond.operator} ${quote(cond.value)}`;
    case 'between':
      return `${printNum(cond.of)} ${not}between ${printNum(cond.low)} and ${printNum(cond.high)}`;
    case 'in':
      return `${printNum(cond.of)} ${not}in (${cond.items.map(printNum).join(', ')})`;
    case 'null':
      return `${printNum(cond.of)} is ${not}null`;
    case 'not':
      return `not ${wrap(printCond(cond.of), cond.of.kind === 'and' || cond.of.kind === 'or')}`;
    case 'and':
      return `${wrap(printCond(cond.left), cond.left.kind === 'or')} and ${wrap(printCond(cond.right), cond.right.kind === 'or')}`;
    case 'or':
      return `${printCond(cond.left)} or ${printCond(cond.right)}`;
  }
}

function num(node: Num, row: Row): number | null {
  if (node.kind === 'column') return row[node.name];
  if (node.kind === 'number') return node.value;
  if (node.kind === 'negate') {
    const value = num(node.of, row);
    return value === null ? null : -value;
  }
  const left = num(node.left, row);
  const right = num(node.right, row);
  if (left === null || right === null) return null;
  return node.kind === '+' ? left + right : node.kind === '-' ? left - right : left * right;
}

type Three = boolean | null;
const and3 = (x: Three, y: Three): Three =>
  x === false || y === false ? false : x === null || y === null ? null : true;
const or3 = (x: Three, y: Three): Three => (x === true || y === true ? true : x === null || y === null ? null : false);
const not3 = (x: Three): Three => (x === null ? null : !x);
const test = (x: number | null, y: number | null, holds: (x: number, y: number) => boolean): Three =>
  x === null || y === null ? null : holds(x, y);

const HOLDS: Record<string, (x: number, y: number) => boolean> = {
  '=': (x, y) => x === y || (x === 0 && y === 0),
  '<>': (x, y) => x !== y,
  '<': (x, y) => x < y,
  '<=': (x, y) => x <= y,
  '>': (x, y) => x > y,
  '>=': (x, y) => x >= y,
};
const holds = (operator: string): ((x: number, y: number) => boolean) => HOLDS[operator] ?? (() => false);

function truth(cond: Cond, row: Row): Three {
  switch (cond.kind) {
    case 'compare':
      return test(num(cond.left, row), num(cond.right, row), holds(cond.operator));
    case 'text': {
      const value = row[cond.name];
      if (value === null) return null;
      return (value.trimEnd().toUpperCase() === cond.value.trimEnd().toUpperCase()) === (cond.operator === '=');
    }
    case 'between': {
      const value = num(cond.of, row);
      const inside = and3(test(value, num(cond.low, row), holds('>=')), test(value, num(cond.high, row), holds('<=')));
      return cond.negated ? not3(inside) : inside;
    }
    case 'in': {
      const found = cond.items.map((item) => test(num(cond.of, row), num(item, row), holds('='))).reduce(or3, false);
      return cond.negated ? not3(found) : found;
    }
    case 'null':
      return (num(cond.of, row) === null) !== cond.negated;
    case 'not':
      return not3(truth(cond.of, row));
    case 'and':
      return and3(truth(cond.left, row), truth(cond.right, row));
    case 'or':
      return or3(truth(cond.left, row), truth(cond.right, row));
  }
}

const rows: fc.Arbitrary<Row> = fc.record({
  a: fc.option(fc.integer({ min: -3, max: 3 })),
  b: fc.option(fc.integer({ min: -3, max: 3 })),
  c: fc.option(fc.integer({ min: -3, max: 3 })),
  s: fc.option(fc.constantFrom('ny', 'CA', "It's  ")),
  t: fc.option(fc.constantFrom('ny', 'CA', "It's  ")),
});

/** The row as the catalogue stores it: b with two decimals, c in cents. */
const stored = (row: Row): Record<string, unknown> => ({
  ...row,
  b: row.b === null ? null : row.b * 100,
  c: row.c === null ? null : row.c * 100,
});

const asTruth = (value: Three): Truth => (value === null ? Truth.Unknown : value ? Truth.True : Truth.False);

/** True when the text was refused with a RuleError; any other error fails the test. */
function isRefused(text: string): boolean {
  try {
    const rule = parseRule(text, columns);
    compileRule(rule, propertyReaders)({ a: 1, b: 2, c: 3, s: 'x', t: null, custom_data: { d: '1' } });
    return false;
  } catch (error) {
    if (error instanceof RuleError) return true;
    throw error;
  }
}

describe('the rule language', () => {
  it('agrees with the truth tables of three-valued logic', () => {
    const values: Three[] = [true, null, false];
    for (const x of values) {
      for (const y of values) {
        const row = { a: x === null ? null : x ? 1 : 0, b: y === null ? null : y ? 100 : 0 };
        const outcome = (text: string): Truth => compileRule(parseRule(text, columns), propertyReaders)(row);
        expect(outcome('a = 1 and b = 1')).toBe(asTruth(and3(x, y)));
        expect(outcome('a = 1 or b = 1')).toBe(asTruth(or3(x, y)));
        expect(outcome('not (a = 1)')).toBe(asTruth(not3(x)));
      }
    }
  });

  it('reads any condition as SQL precedence demands and evaluates it as an independent model does', () => {
    fc.assert(
      fc.property(conditions, fc.array(rows, { minLength: 1, maxLength: 8 }), (cond, samples) => {
        const rule = parseRule(printCond(cond), columns);
        const compiled = compileRule(rule, propertyReaders);
        for (const row of samples) expect(compiled(stored(row))).toBe(asTruth(truth(cond, row)));
        const again = parseRule(canonicalText(rule), columns);
        expect(canonicalText(again)).toBe(canonicalText(rule));
        const compiledAgain = compileRule(again, propertyReaders);
        for (const row of samples) expect(compiledAgain(stored(row))).toBe(asTruth(truth(cond, row)));
      }),
      { numRuns: 1000 },
    );
  });

  it('throws nothing but a RuleError for any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 200 }), fc.string({ unit: 'binary', maxLength: 60 })),
        (text) => void isRefused(text),
      ),
      {
        numRuns: 800,
      },
    );
  });

  it('throws nothing but a RuleError for any sequence of its own words', () => {
    const words = [
      'a',
      'b',
      's',
      't',
      'and',
      'or',
      'not',
      'in',
      'between',
      'like',
      'is',
      'null',
      '(',
      ')',
      ',',
      '=',
      '<>',
      '-',
      '+',
      '*',
      '/',
      '1',
      '0.5',
      "'x'",
      "'%'",
    ];
    const wholes = ['a = 1', "s like 'x%'", 'b in (1, 2)', '(a = 1', 'c is null)', 'not (', 'and a = b', 'or c > 1'];
    const more = [
      'upper(',
      'coalesce(',
      'abs(',
      'datediff(',
      'day',
      'true',
      'custom_data.d',
      'select',
      '[a]',
      '"s"',
      'isnull(',
      'left(',
    ];
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words, ...more, ...wholes, ...wholes), { maxLength: 14 }), (parts) => {
        if (!isRefused(parts.join(' '))) accepted += 1;
      }),
      { numRuns: 1500 },
    );
    expect(accepted).toBeGreaterThan(0);
  });

  it('throws nothing but a RuleError for a rule with one character changed, removed or doubled', () => {
    const rule =
      "not (a >= 1.5 or upper(s) like '[a-c]%') and b not in (1, -2) or coalesce(custom_data.d, 0) between 1 and c / 2";
    expect(isRefused(rule)).toBe(false);
    fc.assert(
      fc.property(
        fc.nat({ max: rule.length - 1 }),
        fc.string({ unit: 'binary', maxLength: 2 }),
        fc.nat({ max: 2 }),
        (at, text, removed) => {
          isRefused(rule.slice(0, at) + text + rule.slice(at + removed));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('parses the largest rules allowed in time that grows with their length, not with their nesting', () => {
    const elapsed = (text: string): number => {
      const times = [1, 2, 3].map(() => {
        const start = process.hrtime.bigint();
        isRefused(text);
        return Number(process.hrtime.bigint() - start);
      });
      return Math.min(...times);
    };
    const flat = Array.from({ length: 300 }, () => 'a = 1').join(' and ');
    const nested = [
      `${'('.repeat(24)}a = 1${')'.repeat(24)}`,
      `a = ${'abs('.repeat(24)}1${')'.repeat(24)}`,
      `${'not ('.repeat(24)}a = 1${')'.repeat(24)}`,
      `${'(a = 1 or not ('.repeat(12)}a = 1${'))'.repeat(12)}`,
      '('.repeat(24),
      'a in ('.repeat(24),
    ];
    const budget = elapsed(flat) * 3;
    for (const text of nested) expect(elapsed(text)).toBeLessThan(budget);
  });
});
