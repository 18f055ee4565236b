import { type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import { RefusedError } from '@powerfill/core/domain/errors';
import type { ValidationError } from 'class-validator';
import type { Violation } from './problem';

const LISTED_VIOLATIONS = 100;

/** Every violation with its path, children after their parents. */
export function violationsOf(errors: readonly ValidationError[], prefix = ''): Violation[] {
  return errors.flatMap((error) => {
    const path = `${prefix}${error.property}`;
    const own = Object.entries(error.constraints ?? {}).map(([kind, message]) => ({
      path,
      message: kind === 'whitelistValidation' ? 'is not known here' : message,
    }));
    return [...own, ...violationsOf(error.children ?? [], `${path}.`)];
  });
}

function refuse(code: 'invalid_options' | 'invalid_request', violations: readonly Violation[]): RefusedError {
  const [first] = violations;
  const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : '';
  const detail = first === undefined ? 'The request is not valid.' : `${first.path} ${first.message}${more}.`;
  return new RefusedError(code, detail, { errors: violations.slice(0, LISTED_VIOLATIONS) });
}

const shared = { transform: true, whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true } as const;

/** Validates query parameters; paths read `query.<name>`. */
export const queryPipe = (): ValidationPipe =>
  new ValidationPipe({
    ...shared,
    exceptionFactory: (errors) => refuse('invalid_request', violationsOf(errors, 'query.')),
  });

/** Names that the transformation to a class passes over silently. */
const UNSAFE_NAMES = ['__proto__', 'constructor', 'prototype'];

/** Validates a JSON body; an absent one is `{}`, but `null` is none. */
export class BodyPipe extends ValidationPipe {
  constructor(private readonly code: 'invalid_options' | 'invalid_request' = 'invalid_request') {
    super({ ...shared, exceptionFactory: (errors) => refuse(code, violationsOf(errors)) });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const body = value === undefined ? {} : value;
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      throw refuse(this.code, [{ path: 'body', message: 'must be a JSON object' }]);
    }
    const unsafe = UNSAFE_NAMES.filter((name) => Object.hasOwn(body, name));
    if (unsafe.length > 0) {
      throw refuse(
        this.code,
        unsafe.map((path) => ({ path, message: 'is not known here' })),
      );
    }
    return super.transform(body, metadata);
  }
}

/** Validates run options in a JSON body. */
export class OptionsPipe extends BodyPipe {
  constructor() {
    super('invalid_options');
  }
}
