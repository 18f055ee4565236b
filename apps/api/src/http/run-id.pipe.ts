import { Injectable, Optional, type PipeTransform } from '@nestjs/common';
import { RefusedError } from '@powerfill/core/domain/errors';
import { LATEST } from '@powerfill/core/reports';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const isUuid = (text: string): boolean => UUID.test(text);

function refuse(path: string, expected: string): RefusedError {
  return new RefusedError('invalid_request', `The ${path} in the address must be ${expected}.`, {
    errors: [{ path, message: `must be ${expected}` }],
  });
}

/** A run id, or another id, in the address: a UUID, lower case from here on. */
@Injectable()
export class RunIdPipe implements PipeTransform<string, string> {
  /** @param path name of the part of the address */
  constructor(@Optional() private readonly path: string = 'run_id') {}

  transform(value: string): string {
    if (!isUuid(value)) throw refuse(this.path, 'a UUID');
    return value.toLowerCase();
  }
}

/** A run id or `latest`. */
@Injectable()
export class ReportIdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (value === LATEST) return value;
    if (!isUuid(value)) throw refuse('run_id', `a UUID or "${LATEST}"`);
    return value.toLowerCase();
  }
}
