import { rateText } from '../domain/money';
import type { CarryCostRow } from '../entities';

/** Something odd about a carry curve that is stored all the same. */
export interface CarryWarning {
  readonly code: 'overlap' | 'gap' | 'not_monotone' | 'starts_late';
  readonly message: string;
  readonly on_day: number;
}

type Bucket = Pick<CarryCostRow, 'on_day' | 'to_day' | 'annual_rate'>;

/** What is odd about the buckets of one instrument. */
export function carryWarnings(buckets: readonly Bucket[]): CarryWarning[] {
  const sorted = [...buckets].sort((a, b) => a.on_day - b.on_day);
  const [first] = sorted;
  const warnings: CarryWarning[] = [];
  if (first !== undefined && first.on_day > 0) {
    const message = `The curve begins at day ${first.on_day}; its first rate counts for the days before.`;
    warnings.push({ code: 'starts_late', on_day: first.on_day, message });
  }
  sorted.forEach((bucket, index) => {
    const before = sorted[index - 1];
    if (before === undefined) return;
    const { on_day: onDay } = bucket;
    if (onDay <= before.to_day) {
      const message = `Days ${onDay} to ${Math.min(before.to_day, bucket.to_day)} are in two buckets; their rates are averaged.`;
      warnings.push({ code: 'overlap', on_day: onDay, message });
    }
    if (onDay > before.to_day + 1) {
      const message = `Days ${before.to_day + 1} to ${onDay - 1} are in no bucket; the one below counts.`;
      warnings.push({ code: 'gap', on_day: onDay, message });
    }
    if (bucket.annual_rate < before.annual_rate) {
      const message = `${rateText(bucket.annual_rate)} from day ${onDay} is below the ${rateText(before.annual_rate)} before it.`;
      warnings.push({ code: 'not_monotone', on_day: onDay, message });
    }
  });
  return warnings;
}
