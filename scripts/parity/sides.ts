import type { RunResponse } from '@powerfill/core/domain/run-response';
import { raw } from '@powerfill/database';
import { type Tenant, tenantDatabase, type TenantDatabase, type TenantScope } from '@powerfill/tenancy';

/** One of the two databases with its finished run. */
export interface Side {
  readonly tenant: Tenant;
  readonly run: RunResponse;
}

/** Both databases. */
export interface Sides {
  /** Of the API. */
  readonly origin: string;
  readonly scope: TenantScope;
  readonly left: Side;
  readonly right: Side;
}

/** Runs work in the scope of both tenants. */
export const inBoth = <R>(
  { scope, left, right }: Pick<Sides, 'scope' | 'left' | 'right'>,
  work: (left: TenantDatabase, right: TenantDatabase) => Promise<R>,
): Promise<R> =>
  scope.run(left.tenant, () => {
    const database = tenantDatabase();
    return scope.run(right.tenant, () => work(database, tenantDatabase()));
  });

/** What a tenant's server calls itself: a server that speaks SQL Server's protocol need not be one. */
export const serverVersion = (scope: TenantScope, tenant: Tenant): Promise<string> =>
  scope.run(tenant, async () => {
    const { dialect, dataSource } = tenantDatabase();
    const question = dialect.driver === 'mssql' ? 'SELECT @@VERSION AS version' : 'SELECT version() AS version';
    const [answer] = await dialect.query<{ version: string }>(dataSource, raw(question));
    return answer?.version.split('\n')[0] ?? '';
  });
