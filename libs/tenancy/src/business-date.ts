import type { Tenant } from './tenant';

/** The calendar day, `YYYY-MM-DD`, that it is in the tenant's time zone. */
export function businessDate(tenant: Pick<Tenant, 'timeZone'>, now: Date): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: tenant.timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(now);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((entry) => entry.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}
