import { CommitOutcomeUnknownError, type Dialect } from '@powerfill/database';
import { NoTenantScopeError, tenantDatabase } from '@powerfill/tenancy';

function dialectInScope(): Dialect | null {
  try {
    return tenantDatabase().dialect;
  } catch (error) {
    if (error instanceof NoTenantScopeError) return null;
    throw error;
  }
}

/** Whether an error means that the current tenant's database is away or too busy, so that a later try may succeed. */
export function isDatabaseAway(error: unknown): boolean {
  return error instanceof CommitOutcomeUnknownError || (dialectInScope()?.isTransient(error) ?? false);
}
