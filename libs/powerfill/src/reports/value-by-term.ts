import { joinSql, raw, sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import { moneyText } from '../domain/money';
import { guideTable } from '../entities';
import { bigScaled, roundParts } from './exact-sums';
import type { ReportRun } from './freshness';

/** Terms of the price, in the order of engine.md, step 3, and the carry on top of them. */
const TERMS = ['base_price', 'pay_up', 'buy_up_down', 'servicing_value', 'adjustments', 'carry'] as const;
type Term = (typeof TERMS)[number];

/** Dollars the placed loans earn by each term of their price; the terms add up to the totals to the cent. */
export type ValueByTerm = Readonly<Record<Term | 'price' | 'prx_plus_carry', string>>;

/** Cents = dollars x points / 100 par x 100 cents: the sum of amount x points itself, which has ten decimals. */
const SUM_SCALE = 10;

/** Adds up amount x term over the guide. */
export async function valueByTerm({ rowKey }: ReportRun): Promise<ValueByTerm> {
  const sums = rowKey === null ? TERMS.map(() => 0n) : await sumsOf(rowKey);
  return splitValue(sums);
}

/** @param sums amount x points of each term, at ten decimals */
export function splitValue(sums: readonly bigint[]): ValueByTerm {
  const { total, rounded } = roundParts(sums, 10n ** BigInt(SUM_SCALE));
  const terms = Object.fromEntries(TERMS.map((term, index) => [term, moneyText(rounded[index] ?? 0n)]));
  const carry = rounded[TERMS.indexOf('carry')] ?? 0n;
  return {
    ...(terms as Record<Term, string>),
    price: moneyText(total - carry),
    prx_plus_carry: moneyText(total),
  };
}

async function sumsOf(rowKey: { readonly run_id: string; readonly attempt: number }): Promise<bigint[]> {
  const { dialect, dataSource } = tenantDatabase();
  const list = joinSql(
    TERMS.map((term) => raw(`CAST(SUM(amount * ${term}) AS varchar(60)) AS ${term}`)),
    ', ',
  );
  const [row] = await dialect.query<Record<Term, string | null>>(
    dataSource,
    sql`SELECT ${list} FROM ${dialect.table(guideTable)}
        WHERE run_id = ${rowKey.run_id} AND attempt = ${rowKey.attempt}`,
  );
  return TERMS.map((term) => bigScaled(row?.[term] ?? '0', SUM_SCALE));
}
