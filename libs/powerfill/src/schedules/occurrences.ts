import { CronExpressionParser } from 'cron-parser';

/** Why a cron expression or time zone cannot be used; null when it can. */
export function cronFault(cron: string, timeZone: string): string | null {
  if (cron.trim().split(/\s+/).length !== 5) return 'must have five fields: minute hour day month weekday';
  try {
    CronExpressionParser.parse(cron, { tz: timeZone }).next();
    return null;
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Whether the name is an IANA time zone that this process knows. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The first occurrence after a moment. */
export const nextOccurrence = (cron: string, timeZone: string, after: Date): Date =>
  CronExpressionParser.parse(cron, { tz: timeZone, currentDate: after }).next().toDate();

/** The last occurrence before a moment. */
export const previousOccurrence = (cron: string, timeZone: string, before: Date): Date =>
  CronExpressionParser.parse(cron, { tz: timeZone, currentDate: before }).prev().toDate();
