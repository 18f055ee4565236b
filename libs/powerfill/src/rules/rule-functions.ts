import { adoptType, commonType } from './adopt-type';
import { nearestNames } from './column-catalogue';
import { scaledInteger } from './decimal';
import { type Expression, type FunctionName, type ValueType } from './expression';
import { RuleError, type RulePosition } from './rule-error';

type KnownType = Exclude<ValueType, 'custom'>;

interface Signature {
  readonly name: FunctionName;
  /** Types of the arguments; `same` takes two or more of one type. */
  readonly takes: readonly KnownType[] | 'same';
  readonly gives: KnownType | 'same';
  readonly usage: string;
}

const text = (name: FunctionName): Signature => ({ name, takes: ['string'], gives: 'string', usage: `${name}(text)` });
const part = (name: FunctionName): Signature => ({ name, takes: ['date'], gives: 'number', usage: `${name}(date)` });
const side = (name: FunctionName): Signature => ({
  name,
  takes: ['string', 'number'],
  gives: 'string',
  usage: `${name}(text, 3)`,
});

/** Every function of the rule language by the name it is written with. */
const FUNCTIONS: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  ['upper', text('upper')],
  ['lower', text('lower')],
  ['trim', text('trim')],
  ['ltrim', text('ltrim')],
  ['rtrim', text('rtrim')],
  ['left', side('left')],
  ['right', side('right')],
  ['len', { name: 'len', takes: ['string'], gives: 'number', usage: 'len(text)' }],
  ['abs', { name: 'abs', takes: ['number'], gives: 'number', usage: 'abs(number)' }],
  ['year', part('year')],
  ['month', part('month')],
  ['day', part('day')],
  [
    'datediff',
    { name: 'datediff', takes: ['date', 'date'], gives: 'number', usage: 'datediff(day, from_date, to_date)' },
  ],
  ['coalesce', { name: 'coalesce', takes: 'same', gives: 'same', usage: 'coalesce(value, value, ...)' }],
  ['isnull', { name: 'coalesce', takes: 'same', gives: 'same', usage: 'isnull(value, value)' }],
]);

const AGGREGATES = new Set(['count', 'sum', 'avg', 'average', 'min', 'max', 'percent']);

/** Usage of every function, for documentation and messages. */
export const RULE_FUNCTION_USAGES: readonly string[] = [...FUNCTIONS.values()].map(({ usage }) => usage);

/** The function of a name written in any case. Throws RULE_UNKNOWN_FUNCTION, or RULE_NOT_SUPPORTED for an aggregate. */
export function findFunction(written: string, position: RulePosition): Signature {
  const name = written.toLowerCase();
  const signature = FUNCTIONS.get(name);
  if (signature !== undefined) return signature;
  if (AGGREGATES.has(name)) {
    throw new RuleError(
      'RULE_NOT_SUPPORTED',
      `"${name}" adds up many loans, a rule tests one; write a pool rule instead.`,
      position,
    );
  }
  const near = nearestNames(name, FUNCTIONS.keys());
  const choice =
    near.length > 0 ? `Did you mean ${near.join(', ')}?` : `Known functions: ${[...FUNCTIONS.keys()].join(', ')}.`;
  throw new RuleError('RULE_UNKNOWN_FUNCTION', `There is no function "${name.slice(0, 40)}". ${choice}`, position);
}

/** A call with its arguments brought to the signature's types. */
export function typedCall(signature: Signature, args: readonly Expression[], position: RulePosition): Expression {
  const { name, takes, gives, usage } = signature;
  const wanted = takes === 'same' ? null : takes.length;
  if (wanted === null ? args.length < 2 : args.length !== wanted) {
    throw new RuleError('RULE_SYNTAX', `The number of arguments is wrong; write ${usage}.`, position);
  }
  if (takes === 'same') {
    const allCustom = args.every(({ type }) => type === 'custom');
    const type = allCustom ? 'custom' : commonType(args);
    const typed = type === 'custom' ? args : args.map((arg) => adoptType(arg, type));
    return { node: 'call', type, name, args: typed, position };
  }
  const typed = args.map((arg, index) => adoptType(arg, takes[index] ?? 'string'));
  if (name === 'left' || name === 'right') requireSmallInteger(typed[1], usage, position);
  return { node: 'call', type: gives === 'same' ? 'string' : gives, name, args: typed, position };
}

function requireSmallInteger(count: Expression | undefined, usage: string, position: RulePosition): void {
  const value = count?.node === 'literal' && count.type === 'number' ? scaledInteger(count.value, 0) : null;
  if (value === null || value < 0n || value > 4000n) {
    throw new RuleError(
      'RULE_BAD_LITERAL',
      `The length must be a whole number from 0 to 4000; write ${usage}.`,
      position,
    );
  }
}
