import { code, defineTable, money, nullable, price, sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import { RefusedError } from '../domain/errors';
import { moneyText } from '../domain/money';
import { guideTable, loanOrderingTable, tradeBaseTable, type TradeBaseRow } from '../entities';
import { bigScaled } from './exact-sums';
import type { ReportRun } from './freshness';
import { ListedReport } from './listed-report';
import { tableColumns } from './report-column';

type RowKey = NonNullable<ReportRun['rowKey']>;

const comparedLoans = defineTable('compared_loans', 'output', {
  columns: {
    loan_id: code(30),
    change: code(12),
    amount_before: nullable(money()),
    amount_after: nullable(money()),
    outcome_before: nullable(code(12)),
    outcome_after: nullable(code(12)),
    trade_before: nullable(code(30)),
    trade_after: nullable(code(30)),
    score_before: nullable(price()),
    score_after: nullable(price()),
    /** Over the loan's reservation price in that run, less the cost of switching; 0 where it was not placed. */
    worth_before: money(),
    worth_after: money(),
    worth_change: money(),
  },
  primaryKey: ['loan_id'],
});

const NAMES = Object.keys(comparedLoans.columns) as (keyof typeof comparedLoans.columns)[];

/** Columns of the comparison by loan. */
export const COMPARISON_COLUMNS = tableColumns(comparedLoans, NAMES);

/** Rows of one run by loan, with what each is worth. */
const loansOf = ({ run_id: runId, attempt }: RowKey) => {
  const { dialect } = tenantDatabase();
  return sql`(SELECT o.loan_id, o.amount, o.outcome, o.trade_id, g.score,
      COALESCE(g.value_amount - g.switch_cost_amount, 0) AS worth
    FROM ${dialect.table(loanOrderingTable)} o
    LEFT JOIN ${dialect.table(guideTable)} g
      ON g.run_id = o.run_id AND g.attempt = o.attempt AND g.loan_id = o.loan_id
    WHERE o.run_id = ${runId} AND o.attempt = ${attempt})`;
};

/**
 * The loans whose fate differs between two runs: `entered` or `left` the pipeline, `placed`, `unplaced`, `moved` to
 * another trade, or `repriced` in the same one.
 * @param before the run that changes are counted from
 */
export function loanComparison(before: RowKey) {
  return new ListedReport({
    table: comparedLoans,
    key: ['loan_id'],
    names: NAMES,
    from: (after) => sql`(
      SELECT c.*, c.worth_after - c.worth_before AS worth_change FROM (
        SELECT COALESCE(b.loan_id, a.loan_id) AS loan_id, b.amount AS amount_before, a.amount AS amount_after,
          b.outcome AS outcome_before, a.outcome AS outcome_after, b.trade_id AS trade_before,
          a.trade_id AS trade_after, b.score AS score_before, a.score AS score_after,
          COALESCE(b.worth, 0) AS worth_before, COALESCE(a.worth, 0) AS worth_after,
          CASE WHEN b.loan_id IS NULL THEN 'entered'
            WHEN a.loan_id IS NULL THEN 'left'
            WHEN b.outcome <> 'placed' AND a.outcome = 'placed' THEN 'placed'
            WHEN b.outcome = 'placed' AND a.outcome <> 'placed' THEN 'unplaced'
            WHEN b.trade_id <> a.trade_id THEN 'moved'
            WHEN b.score <> a.score OR b.amount <> a.amount OR b.worth <> a.worth THEN 'repriced'
            WHEN b.outcome <> a.outcome THEN 'unplaced' END AS change
        FROM ${loansOf(before)} b FULL OUTER JOIN ${loansOf(after)} a ON a.loan_id = b.loan_id
      ) c WHERE c.change IS NOT NULL
    ) AS compared_loans`,
  });
}

/** A trade in two runs; money as text, null where it was in one of them only. */
export interface ComparedTrade {
  readonly trade_id: string;
  readonly fill_before: string | null;
  readonly fill_after: string | null;
  readonly fill_change: string;
  readonly loans_before: number | null;
  readonly loans_after: number | null;
  readonly status_before: string | null;
  readonly status_after: string | null;
  readonly pair_off_before: string | null;
  readonly pair_off_after: string | null;
  /** What more was paid to pair off; negative = less. */
  readonly pair_off_change: string;
}

/** What changed in all; loans' worth less pair-off is the change of the objective. */
export interface ComparisonTotals {
  readonly loans_changed: number;
  readonly worth_change: string;
  readonly pair_off_change: string;
  readonly objective_change: string;
}

/** @throws {RefusedError} `run_not_comparable` */
export function comparableRows(run: ReportRun): RowKey {
  if (run.rowKey !== null) return run.rowKey;
  throw new RefusedError(
    'run_not_comparable',
    `Run ${run.row.run_id} is ${run.row.status}; it has no rows to compare.`,
  );
}

/** The trades of two runs side by side, by trade id. */
export async function tradeComparison(before: RowKey, after: RowKey): Promise<ComparedTrade[]> {
  const [old, now] = [await tradesOf(before), await tradesOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].sort().map((id) => compared(id, old.get(id), now.get(id)));
}

async function tradesOf(rowKey: RowKey): Promise<ReadonlyMap<string, TradeBaseRow>> {
  const { dialect, dataSource } = tenantDatabase();
  const rows = await dialect.readRows(dataSource, tradeBaseTable, { where: rowKey, orderBy: ['trade_id'] });
  return new Map(rows.map((row) => [row.trade_id, row]));
}

function compared(id: string, before: TradeBaseRow | undefined, after: TradeBaseRow | undefined): ComparedTrade {
  const money = (cents: number | null | undefined): string | null =>
    (cents ?? null) === null ? null : moneyText(cents ?? 0);
  const change = (a: number | null | undefined, b: number | null | undefined): string => moneyText((b ?? 0) - (a ?? 0));
  return {
    trade_id: id,
    fill_before: money(before?.fill_amount),
    fill_after: money(after?.fill_amount),
    fill_change: change(before?.fill_amount, after?.fill_amount),
    loans_before: before?.fill_count ?? null,
    loans_after: after?.fill_count ?? null,
    status_before: before?.status ?? null,
    status_after: after?.status ?? null,
    pair_off_before: money(before?.pair_off_cost),
    pair_off_after: money(after?.pair_off_cost),
    pair_off_change: change(before?.pair_off_cost, after?.pair_off_cost),
  };
}

/** Adds up both sides. */
export async function comparisonTotals(
  before: RowKey,
  after: RowKey,
  trades: readonly ComparedTrade[],
): Promise<ComparisonTotals> {
  const { dialect, dataSource } = tenantDatabase();
  const worth = async (rowKey: RowKey): Promise<bigint> => {
    const [row] = await dialect.query<{ worth: string | null }>(
      dataSource,
      sql`SELECT CAST(SUM(worth) AS varchar(50)) AS worth FROM ${loansOf(rowKey)} AS loans`,
    );
    return bigScaled(row?.worth ?? '0', 2);
  };
  const [changed] = await dialect.query<{ loans: number | string }>(
    dataSource,
    sql`SELECT COUNT(*) AS loans FROM ${loanComparison(before).rowsFrom(after)}`,
  );
  const worthChange = (await worth(after)) - (await worth(before));
  const pairOff = trades.reduce((sum, { pair_off_change: change }) => sum + bigScaled(change, 2), 0n);
  return {
    loans_changed: Number(changed?.loans ?? 0),
    worth_change: moneyText(worthChange),
    pair_off_change: moneyText(pairOff),
    objective_change: moneyText(worthChange - pairOff),
  };
}
