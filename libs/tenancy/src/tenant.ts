import type { DatabaseSettings } from '@powerfill/database';

/** A lender whose data stands in a database of its own (data.md). */
export interface Tenant {
  /** Look-up key: what a caller names in `X-Tenant-Id`; may be renamed. */
  readonly key: string;
  /** Persisted identity: stands in run rows and jobs; never changes. */
  readonly tenantId: string;
  readonly database: DatabaseSettings;
  /** `managed`: our migrations create the upstream tables; `external`: the lender's system has them, we only read. */
  readonly upstream: 'managed' | 'external';
  /** IANA name of the zone the business date is taken in. */
  readonly timeZone: string;
  /** Days that are no business days, `YYYY-MM-DD`. */
  readonly holidays: readonly string[];
}

/** The tenant's calendar date at an instant, `YYYY-MM-DD`. */
export function businessDate(tenant: Pick<Tenant, 'timeZone'>, instant: Date): string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: tenant.timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  return `${part['year']}-${part['month']}-${part['day']}`;
}
