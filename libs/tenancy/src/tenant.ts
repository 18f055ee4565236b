import type { DatabaseSettings } from '@powerfill/database';

/** A tenant as the catalogue describes it. */
export interface Tenant {
  /** How callers name the tenant (header `X-Tenant-Id`); may be changed in the catalogue. */
  readonly key: string;
  /** What rows and jobs carry; never changes. */
  readonly tenantId: string;
  readonly database: DatabaseSettings;
  /** `external`: a lender's system owns the upstream tables and we only read them. */
  readonly upstream: 'managed' | 'external';
  /** IANA zone that decides the business date. */
  readonly timeZone: string;
  /** Days without business besides weekends, `YYYY-MM-DD`, sorted. */
  readonly holidays: readonly string[];
}
