import { isIsoDate } from '@powerfill/core/domain/calendar';
import { readDecimal, type DecimalRule } from '@powerfill/core/domain/run-options-decimal';
import { EARLIEST_DATE, KEY_PATTERN, LATEST_DATE } from '@powerfill/core/domain/run-options-rules';
import { buildMessage, ValidateBy, ValidateIf, type ValidationOptions } from 'class-validator';

/** The option may be absent, but not null. */
export const Optional = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** A decimal number or its text, within a rule; or exactly `orText`. */
export const IsExactDecimal = (rule: DecimalRule, orText?: string): PropertyDecorator =>
  ValidateBy({
    name: 'isExactDecimal',
    validator: {
      validate: (value) => (orText !== undefined && value === orText) || !('fault' in readDecimal(value, rule)),
      defaultMessage: (args) => {
        const reading = readDecimal(args?.value, rule);
        const fault = 'fault' in reading ? reading.fault : '';
        return orText === undefined ? fault : `${fault}, or "${orText}"`;
      },
    },
  });

/** Text of 1 to `max` characters without control characters or blanks at its ends. */
export const IsName = (max: number): PropertyDecorator =>
  ValidateBy({
    name: 'isName',
    validator: {
      validate: (value) => typeof value === 'string' && isName(value, max),
      defaultMessage: () => nameRule(max),
    },
  });

const CONTROL = /[\u0000-\u001f\u007f]/;

export const isName = (value: string, max: number): boolean =>
  value.length > 0 && value.length <= max && value.trim() === value && !CONTROL.test(value);

export const nameRule = (max: number): string =>
  `must be 1 to ${max} characters without control characters or blanks at the ends`;

/** Text of at most `max` characters. */
export const IsShortText = (max: number): PropertyDecorator =>
  ValidateBy({
    name: 'isShortText',
    validator: {
      validate: (value) => typeof value === 'string' && value.length <= max && !value.includes('\0'),
      defaultMessage: () => `must be text of at most ${max} characters, none of them NUL`,
    },
  });

/** A list of `min` to `max` objects. */
export const IsItems = (min: number, max: number): PropertyDecorator =>
  ValidateBy({
    name: 'isItems',
    validator: {
      validate: (value) =>
        Array.isArray(value) &&
        value.length >= min &&
        value.length <= max &&
        value.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item)),
      defaultMessage: () => `must be a list of ${min} to ${max} objects`,
    },
  });

/** A date `YYYY-MM-DD` that exists and is no slip of the keyboard. */
export const IsRealDate = (): PropertyDecorator =>
  ValidateBy({
    name: 'isRealDate',
    validator: {
      validate: (value) =>
        typeof value === 'string' && isIsoDate(value) && value >= EARLIEST_DATE && value <= LATEST_DATE,
      defaultMessage: (args) =>
        typeof args?.value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(args.value) && !isIsoDate(args.value)
          ? 'must be a date that exists'
          : `must be a date YYYY-MM-DD from ${EARLIEST_DATE} to ${LATEST_DATE}`,
    },
  });

const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** RFC 3339, or a date that means its first instant in UTC; dates must exist. */
export const IsInstant = (): PropertyDecorator =>
  ValidateBy({
    name: 'isInstant',
    validator: {
      validate: (value) => typeof value === 'string' && INSTANT.test(value) && isRealInstant(value),
      defaultMessage: () => 'must be an RFC 3339 time such as 2026-11-23T08:00:00Z, or a date that exists',
    },
  });

/** JavaScript rolls 30 February over to March instead of refusing it. */
function isRealInstant(text: string): boolean {
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text.slice(0, 10)) return false;
  return !Number.isNaN(Date.parse(text));
}

/** A key of the lender's systems. */
export const IsKey = (options?: ValidationOptions): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isKey',
      validator: {
        validate: (value) => typeof value === 'string' && KEY_PATTERN.test(value),
        defaultMessage: buildMessage(
          (each) => `${each}must be 1 to 30 printable ASCII characters without blanks at the ends`,
          options,
        ),
      },
    },
    options,
  );

/** One of the values; the message lists them. */
export const IsOneOf = (values: readonly string[]): PropertyDecorator =>
  ValidateBy({
    name: 'isOneOf',
    validator: {
      validate: (value) => values.includes(value as string),
      defaultMessage: () => `must be one of ${values.join(', ')}`,
    },
  });

/** A whole JSON number within bounds. */
export const IsWhole = (min: number, max: number): PropertyDecorator =>
  ValidateBy({
    name: 'isWhole',
    validator: {
      validate: (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
      defaultMessage: () => `must be a whole number from ${min} to ${max}`,
    },
  });

/** A list of `min` to `max` keys, none twice; the message names the first one at fault. */
export const IsKeyList = (min: number, max: number): PropertyDecorator =>
  ValidateBy({
    name: 'isKeyList',
    validator: {
      validate: (value) => keyListFault(value, min, max) === null,
      defaultMessage: (args) => keyListFault(args?.value, min, max) ?? '',
    },
  });

function keyListFault(value: unknown, min: number, max: number): string | null {
  if (!Array.isArray(value) || value.length < min || value.length > max) {
    return `must be a list of ${min} to ${max} ids`;
  }
  const seen = new Set<unknown>();
  for (const [index, id] of (value as unknown[]).entries()) {
    if (typeof id !== 'string' || !KEY_PATTERN.test(id)) {
      return `has an entry at [${index}] that is no id of 1 to 30 printable ASCII characters`;
    }
    if (seen.has(id)) return `names "${id}" twice, the second time at [${index}]`;
    seen.add(id);
  }
  return null;
}

/** A whole number in a query parameter; anything else is left for the validator to refuse. */
export const queryNumber = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
