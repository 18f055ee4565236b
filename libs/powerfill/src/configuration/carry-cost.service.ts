import { param, sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import { RefusedError } from '../domain/errors';
import { decimalText, divideRounded, pointsText, rateText } from '../domain/money';
import { carryCostTable, carryCurveTable, type CarryCostRow } from '../entities';
import { CarryBook, type BucketFit } from '../pricing/carry';
import { jsonRow, tableColumns, type WireValue } from '../reports/report-column';
import { changeConfiguration, loggedRow } from './change-log';
import { carryWarnings, type CarryWarning } from './carry-warnings';

/** Names a bucket: the instrument, or `*`, and the day it begins. */
export type CarryBucketKey = Pick<CarryCostRow, 'investor_instrument_name' | 'on_day'>;
type CarryBucket = Pick<CarryCostRow, 'on_day' | 'to_day' | 'annual_rate'>;

/** The curve of one instrument, or of `*`. */
export interface CarryCurveView {
  readonly investor_instrument_name: string;
  readonly buckets: readonly WireValue[];
  readonly warnings: readonly CarryWarning[];
}

/** What a loan would earn or pay; rates in 1e-6 percent. */
export interface CarryPreviewRequest {
  readonly investor_instrument_name: string;
  readonly note_rate: number;
  readonly days: readonly number[];
  /** Buckets to try in place of the stored ones of the instrument. */
  readonly buckets?: readonly CarryBucket[];
}

/** Carry of one day count. */
export interface CarryPreviewRow {
  readonly days: number;
  readonly funding_rate: string;
  /** Whether a bucket holds the days; else the nearest one below counts. */
  readonly fit: BucketFit;
  /** Points of 100 par; negative = it costs. */
  readonly carry: string;
  /** Dollars on $1,000,000. */
  readonly carry_per_million: string;
}

const COLUMNS = tableColumns(carryCostTable, ['on_day', 'to_day', 'annual_rate']);
const { columns } = carryCostTable;

/** Edits and tries carry curves. */
export class CarryCostService {
  /** The curves, by instrument; of one instrument when it is named. */
  async list(instrument?: string): Promise<readonly CarryCurveView[]> {
    const { dialect, dataSource } = tenantDatabase();
    const rows = await dialect.readRows(dataSource, carryCostTable, {
      ...(instrument === undefined ? {} : { where: { investor_instrument_name: instrument } }),
      orderBy: ['investor_instrument_name', 'on_day'],
    });
    const names = [...new Set(rows.map((row) => row.investor_instrument_name))];
    return names.map((name) => curveView(name, rows));
  }

  /** Stores a bucket, a new one or in place of the one that begins on that day; answers the curve with its warnings. */
  async put(row: CarryCostRow, by: string): Promise<CarryCurveView> {
    if (row.to_day < row.on_day) {
      throw new RefusedError('invalid_request', 'to_day must not be before on_day.', {
        errors: [{ path: 'to_day', message: 'must not be before on_day' }],
      });
    }
    return changeConfiguration(by, async ({ runner, dialect, record }) => {
      const key = { investor_instrument_name: row.investor_instrument_name, on_day: row.on_day };
      const [before] = await dialect.readRows(runner, carryCostTable, { where: key });
      await dialect.upsertRows(runner, carryCostTable, [row]);
      const logged = (one: CarryCostRow) => loggedRow(carryCostTable, one);
      record({
        kind: 'carry_cost',
        key: bucketText(key),
        before: before === undefined ? null : logged(before),
        after: logged(row),
      });
      const where = { investor_instrument_name: row.investor_instrument_name };
      return curveView(row.investor_instrument_name, await dialect.readRows(runner, carryCostTable, { where }));
    });
  }

  /** @throws {RefusedError} `object_not_found` */
  async remove(key: CarryBucketKey, by: string): Promise<CarryCurveView> {
    return changeConfiguration(by, async ({ runner, dialect, record }) => {
      const [before] = await dialect.readRows(runner, carryCostTable, { where: key });
      if (before === undefined) {
        throw new RefusedError('object_not_found', `There is no carry bucket ${bucketText(key)}.`);
      }
      await dialect.execute(
        runner,
        sql`DELETE FROM ${dialect.table(carryCostTable)}
            WHERE investor_instrument_name = ${param(columns.investor_instrument_name, key.investor_instrument_name)}
              AND on_day = ${key.on_day}`,
      );
      record({ kind: 'carry_cost', key: bucketText(key), before: loggedRow(carryCostTable, before), after: null });
      const where = { investor_instrument_name: key.investor_instrument_name };
      return curveView(key.investor_instrument_name, await dialect.readRows(runner, carryCostTable, { where }));
    });
  }

  /** Carry by day count, from the stored curve or from buckets to be tried. @throws {RefusedError} `object_not_found` */
  async preview(request: CarryPreviewRequest): Promise<{ rows: CarryPreviewRow[]; warnings: CarryWarning[] }> {
    const { dialect, dataSource } = tenantDatabase();
    const name = request.investor_instrument_name;
    const stored = await dialect.readRows(dataSource, carryCostTable);
    const tried = request.buckets?.map((bucket) => ({ investor_instrument_name: name, ...bucket }));
    const costs = tried === undefined ? stored : tried;
    const curve = new CarryBook(costs, await dialect.readRows(dataSource, carryCurveTable)).curveOf(name);
    if (curve === null) {
      throw new RefusedError('object_not_found', `Neither ${name} nor * has a carry curve; store one or name buckets.`);
    }
    const rows = request.days.map((days) => {
      const { sum, count, fit } = curve.fundingRate(days);
      const carry = curve.carry(request.note_rate, days);
      return {
        days,
        funding_rate: rateText(Number(divideRounded(BigInt(sum), BigInt(count)))),
        fit,
        carry: pointsText(carry),
        // $1,000,000 x points / 100: 1e-8 point are 1e-4 dollar.
        carry_per_million: decimalText(divideRounded(BigInt(carry), 100n), 2),
      };
    });
    const own = costs.filter((row) => row.investor_instrument_name === name);
    return { rows, warnings: carryWarnings(own.length > 0 ? own : costs.filter(isForAll)) };
  }
}

const isForAll = (row: CarryCostRow): boolean => row.investor_instrument_name === '*';
const bucketText = (key: CarryBucketKey): string => `${key.investor_instrument_name}/${key.on_day}`;

function curveView(name: string, rows: readonly CarryCostRow[]): CarryCurveView {
  const own = rows.filter((row) => row.investor_instrument_name === name).sort((a, b) => a.on_day - b.on_day);
  return {
    investor_instrument_name: name,
    buckets: own.map((row) => jsonRow(COLUMNS, row)),
    warnings: carryWarnings(own),
  };
}
