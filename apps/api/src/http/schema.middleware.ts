import { Injectable, type NestMiddleware } from '@nestjs/common';
import { checkSchema, type SchemaCheck } from '@powerfill/database';
import { RefusedError } from '@powerfill/core/domain/errors';
import { SCHEMA_VERSION } from '@powerfill/migrations';
import { tenantDatabase } from '@powerfill/tenancy';
import type { NextFunction, Request, Response } from 'express';

/** How long a schema that fits is not looked at again. */
const TRUSTED_MS = 60_000;

/** Refuses requests whose tenant's database this version cannot work on, saying which command to run. */
@Injectable()
export class SchemaMiddleware implements NestMiddleware {
  private readonly checkedAt = new Map<string, number>();

  async use(_: Request, __: Response, next: NextFunction): Promise<void> {
    const { tenant, dataSource, dialect } = tenantDatabase();
    const checked = this.checkedAt.get(tenant.tenantId);
    if (checked === undefined || performance.now() - checked > TRUSTED_MS) {
      const check = await checkSchema(dataSource, dialect, SCHEMA_VERSION);
      if (check.state !== 'ok') throw outdated(check, tenant.key);
      this.checkedAt.set(tenant.tenantId, performance.now());
    }
    next();
  }
}

function outdated({ state, version, expected }: SchemaCheck, tenantKey: string): RefusedError {
  const remedy =
    state === 'too_new' ? 'upgrade this process' : `run "npm run migrate -- --tenant ${tenantKey}" and try again`;
  const found = version === null ? 'has no schema yet' : `has schema version ${version}`;
  return new RefusedError(
    'schema_outdated',
    `The tenant's database ${found}, this process needs ${expected}: ${remedy}.`,
    { schema_version: version, expected_version: expected, retry_after: 30 },
  );
}
