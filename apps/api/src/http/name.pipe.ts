import { type PipeTransform } from '@nestjs/common';
import { RefusedError } from '@powerfill/core/domain/errors';
import { isName, nameRule } from './validators';

function refuse(path: string, message: string): RefusedError {
  return new RefusedError('invalid_request', `The ${path} in the address ${message}.`, { errors: [{ path, message }] });
}

/** A name in the address. */
export class NamePipe implements PipeTransform<string, string> {
  constructor(
    private readonly path: string,
    private readonly max: number,
  ) {}

  transform(value: string): string {
    if (!isName(value, this.max)) throw refuse(this.path, nameRule(this.max));
    return value;
  }
}

/** A whole number in the address. */
export class NumberPipe implements PipeTransform<string, number> {
  constructor(
    private readonly path: string,
    private readonly max: number,
  ) {}

  transform(value: string): number {
    if (!/^\d{1,9}$/.test(value) || Number(value) > this.max) {
      throw refuse(this.path, `must be a whole number from 0 to ${this.max}`);
    }
    return Number(value);
  }
}
