import type { CarryCostRow, CarryCurveRow } from '../entities';
import type { RunWarning } from '../domain/run-response';
import { divideBigHalfAway, divideHalfAway } from './arithmetic';

const ANY_INSTRUMENT = '*';
const DEFAULT_NOTE_DAYS = 365;
const DEFAULT_FUNDING_DAYS = 360;
const FULLY_FUNDED = 10_000;

/** How a look-up met the buckets: a day count outside them takes the nearest one below and is warned about. */
export type BucketFit = 'inside' | 'past_last' | 'gap';

/** Funding rate of a day count: `sum / count` in 1e-6 percent, kept as a fraction so that carry rounds once. */
export interface FundingRate {
  readonly sum: number;
  readonly count: number;
  readonly fit: BucketFit;
}

/** Carry curve of one instrument; look-ups are remembered per day count. */
export class CarryCurve {
  private readonly rates = new Map<number, FundingRate>();

  constructor(
    readonly instrumentName: string,
    private readonly buckets: readonly CarryCostRow[],
    private readonly noteDays: number,
    private readonly fundingDays: number,
    private readonly fundedShare: number,
  ) {}

  /** Average `annual_rate` of the buckets that hold `days`; past the last bucket the last (engine.md, "Carry"). */
  fundingRate(days: number): FundingRate {
    const known = this.rates.get(days);
    if (known !== undefined) return known;
    const rate = this.lookUp(days);
    this.rates.set(days, rate);
    return rate;
  }

  /**
   * Points earned (positive) or paid over `days`: note interest less funding cost, rounded once. With rates in 1e-6
   * percent and the funded share in 1e-4 both sides meet over `100 * noteDays * fundingDays * count`.
   */
  carry(noteRate: number, days: number): number {
    if (days === 0) return 0;
    const { sum, count } = this.fundingRate(days);
    const income = noteRate * 10_000 * this.fundingDays * count;
    const cost = this.fundedShare * sum * this.noteDays;
    const denominator = 100 * this.fundingDays * this.noteDays * count;
    const numerator = (income - cost) * days;
    if (Number.isSafeInteger(income) && Number.isSafeInteger(cost) && Number.isSafeInteger(numerator)) {
      return divideHalfAway(numerator, denominator);
    }
    const exactIncome = BigInt(noteRate) * 10_000n * BigInt(this.fundingDays) * BigInt(count);
    const exactCost = BigInt(this.fundedShare) * BigInt(sum) * BigInt(this.noteDays);
    return divideBigHalfAway((exactIncome - exactCost) * BigInt(days), BigInt(denominator));
  }

  /** The day counts asked for that no bucket holds, ascending. */
  daysOutside(fit: Exclude<BucketFit, 'inside'>): number[] {
    return [...this.rates].flatMap(([days, rate]) => (rate.fit === fit ? [days] : [])).sort((a, b) => a - b);
  }

  private lookUp(days: number): FundingRate {
    const holding = this.buckets.filter(({ on_day, to_day }) => on_day <= days && days <= to_day);
    if (holding.length > 0) {
      return {
        sum: holding.reduce((sum, { annual_rate }) => sum + annual_rate, 0),
        count: holding.length,
        fit: 'inside',
      };
    }
    const below = this.buckets.filter(({ to_day }) => to_day < days);
    const nearest = below.length > 0 ? highest(below) : lowest(this.buckets);
    const fit = below.length === this.buckets.length ? 'past_last' : 'gap';
    return { sum: nearest?.annual_rate ?? 0, count: 1, fit };
  }
}

/** The carry curves of a tenant: an instrument's own rows, else those of `*`. */
export class CarryBook {
  private readonly curves = new Map<string, CarryCurve | null>();

  constructor(
    private readonly costs: readonly CarryCostRow[],
    private readonly dayCounts: readonly CarryCurveRow[],
  ) {}

  /** Null when neither the instrument nor `*` has a bucket. */
  curveOf(instrumentName: string): CarryCurve | null {
    let curve = this.curves.get(instrumentName);
    if (curve === undefined) {
      curve = this.build(instrumentName);
      this.curves.set(instrumentName, curve);
    }
    return curve;
  }

  /** Instruments asked for that have no bucket, sorted. */
  instrumentsWithoutCurve(): string[] {
    return [...this.curves].flatMap(([name, curve]) => (curve === null ? [name] : [])).sort();
  }

  /** Warnings about the look-ups made so far that met no bucket, by instrument. */
  outsideWarnings(): RunWarning[] {
    return [...this.curves]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, curve]) => {
        const past = curve?.daysOutside('past_last') ?? [];
        const gaps = curve?.daysOutside('gap') ?? [];
        return [
          ...(past.length === 0
            ? []
            : [
                {
                  code: 'carry_past_last_bucket',
                  message: `The carry curve of ${name} ends before ${past.at(-1) ?? 0} days: its last rate counts.`,
                  count: past.length,
                },
              ]),
          ...(gaps.length === 0
            ? []
            : [
                {
                  code: 'carry_curve_gap',
                  message: `The carry curve of ${name} has no rate for ${gaps[0] ?? 0} days: the bucket below counts.`,
                  count: gaps.length,
                },
              ]),
        ];
      });
  }

  private build(instrumentName: string): CarryCurve | null {
    const own = this.costs.filter((row) => row.investor_instrument_name === instrumentName);
    const buckets = own.length > 0 ? own : this.costs.filter((row) => row.investor_instrument_name === ANY_INSTRUMENT);
    if (buckets.length === 0) return null;
    const basis =
      this.dayCounts.find((row) => row.investor_instrument_name === instrumentName) ??
      this.dayCounts.find((row) => row.investor_instrument_name === ANY_INSTRUMENT);
    return new CarryCurve(
      instrumentName,
      buckets,
      basis?.note_day_count ?? DEFAULT_NOTE_DAYS,
      basis?.funding_day_count ?? DEFAULT_FUNDING_DAYS,
      basis?.funded_share ?? FULLY_FUNDED,
    );
  }
}

const highest = (buckets: readonly CarryCostRow[]): CarryCostRow | undefined =>
  buckets.reduce<CarryCostRow | undefined>(
    (best, row) => (best === undefined || row.to_day > best.to_day ? row : best),
    undefined,
  );

const lowest = (buckets: readonly CarryCostRow[]): CarryCostRow | undefined =>
  buckets.reduce<CarryCostRow | undefined>(
    (best, row) => (best === undefined || row.on_day < best.on_day ? row : best),
    undefined,
  );
