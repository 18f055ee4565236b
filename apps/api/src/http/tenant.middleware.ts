import { Injectable, Logger, type NestMiddleware } from '@nestjs/common';
import { RefusedError } from '@powerfill/core/domain/errors';
import { withLogContext } from '@powerfill/platform';
import { TenantCatalogue, TenantScope, type Tenant } from '@powerfill/tenancy';
import type { NextFunction, Request, Response } from 'express';
import { HttpProblem } from './problem';
import { requestEnded } from './request-work';
import { subjectOf, TENANT_HEADER } from './request-headers';

/** Opens the tenant's scope for a whole request: handlers reach a database only inside it. */
@Injectable()
export class TenantMiddleware implements NestMiddleware {
  private readonly logger = new Logger('Tenant');

  constructor(
    private readonly catalogue: TenantCatalogue,
    private readonly scope: TenantScope,
  ) {}

  async use(request: Request, response: Response, next: NextFunction): Promise<void> {
    const tenant = this.tenantOf(request);
    subjectOf(request);
    response.locals['tenantId'] = tenant.tenantId;
    let isOpen = false;
    try {
      await this.scope.run(tenant, () => {
        isOpen = true;
        const ended = requestEnded(response);
        withLogContext({ tenant_id: tenant.tenantId }, () => next());
        return ended;
      });
    } catch (error) {
      if (isOpen) throw error;
      this.logger.warn({ err: error, tenant_id: tenant.tenantId, msg: 'The database cannot be opened' });
      throw new HttpProblem({
        code: 'database_unavailable',
        detail: "The tenant's database cannot be reached.",
        retryAfter: 5,
      });
    }
  }

  private tenantOf(request: Request): Tenant {
    const key = request.header(TENANT_HEADER);
    if (key === undefined || key === '') {
      throw new RefusedError('tenant_required', `The header ${TENANT_HEADER} must name the tenant.`, {
        errors: [{ path: `header.${TENANT_HEADER}`, message: 'is missing' }],
      });
    }
    const tenant = this.catalogue.byKey(key);
    if (tenant === undefined) {
      throw new RefusedError('tenant_unknown', `The header ${TENANT_HEADER} names no tenant of this service.`);
    }
    return tenant;
  }
}
