import { Injectable, type NestMiddleware } from '@nestjs/common';
import { RefusedError } from '@powerfill/core/domain/errors';
import { SchemaGate } from '@powerfill/tenancy';
import type { NextFunction, Request, Response } from 'express';

/** Seconds after which a caller may find the database migrated. */
const RETRY_AFTER_SECONDS = 30;

/** Refuses requests whose tenant's database this version cannot work on, saying which command to run. */
@Injectable()
export class SchemaMiddleware implements NestMiddleware {
  constructor(private readonly gate: SchemaGate) {}

  async use(_: Request, __: Response, next: NextFunction): Promise<void> {
    const misfit = await this.gate.misfit();
    if (misfit !== null) {
      throw new RefusedError('schema_outdated', misfit.message, {
        schema_version: misfit.version,
        expected_version: misfit.expected,
        retry_after: RETRY_AFTER_SECONDS,
      });
    }
    next();
  }
}
