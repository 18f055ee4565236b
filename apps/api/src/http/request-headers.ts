import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { RefusedError } from '@powerfill/core/domain/errors';
import type { Request } from 'express';

export const TENANT_HEADER = 'X-Tenant-Id';
export const SUBJECT_HEADER = 'X-Subject';
export const IDEMPOTENCY_HEADER = 'Idempotency-Key';

/** Who asks when nobody says so; until authentication exists. */
const ANONYMOUS = 'anonymous';
const SUBJECT = /^[!-~](?:[ -~]{0,98}[!-~])?$/;
const IDEMPOTENCY_KEY = /^[!-~]{1,200}$/;

function refuse(header: string, expected: string): RefusedError {
  return new RefusedError('invalid_request', `The header ${header} must be ${expected}.`, {
    errors: [{ path: `header.${header}`, message: `must be ${expected}` }],
  });
}

/** Reads the caller's name. @throws {RefusedError} `invalid_request` */
export function subjectOf(request: Pick<Request, 'header'>): string {
  const subject = request.header(SUBJECT_HEADER);
  if (subject === undefined) return ANONYMOUS;
  if (!SUBJECT.test(subject)) throw refuse(SUBJECT_HEADER, '1 to 100 visible ASCII characters');
  return subject;
}

/** Reads the key of an idempotent submission, if there is one. @throws {RefusedError} `invalid_request` */
export function idempotencyKeyOf(request: Pick<Request, 'header'>): string | null {
  const key = request.header(IDEMPOTENCY_HEADER);
  if (key === undefined) return null;
  if (!IDEMPOTENCY_KEY.test(key)) throw refuse(IDEMPOTENCY_HEADER, '1 to 200 visible ASCII characters');
  return key;
}

/** The caller's name as a parameter. */
export const Subject = createParamDecorator((_: unknown, context: ExecutionContext) =>
  subjectOf(context.switchToHttp().getRequest<Request>()),
);

/** The Idempotency-Key as a parameter; null without one. */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext) =>
  idempotencyKeyOf(context.switchToHttp().getRequest<Request>()),
);
