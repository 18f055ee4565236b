import { code, date, defineTable, flag, money, nullable, price, sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import { candidateTable, guideTable, poolGuideTable, tradeBaseTable } from '../entities';
import { ListedReport } from './listed-report';

const switchingRows = defineTable('switching', 'output', {
  columns: {
    loan_id: code(30),
    amount: money(),
    from_pool_name: code(40),
    /** Null when the pool was designated to no trade before the run. */
    from_trade_id: nullable(code(30)),
    from_settlement_date: nullable(date()),
    to_pool_name: nullable(code(40)),
    to_trade_id: code(30),
    to_settlement_date: date(),
    /** Null when the old trade does not take the loan any more. */
    score_before: nullable(price()),
    score_after: price(),
    /** Over the loan's reservation price: 0 where there was no trade, null where the old one does not take it. */
    value_before: nullable(money()),
    value_after: money(),
    switch_cost_amount: money(),
    /** After less before less the cost of switching. */
    gain_amount: nullable(money()),
    is_locked: flag(),
  },
  primaryKey: ['loan_id'],
});

/** One row per loan that changes its trade: from, to, and what the switch gains. */
export const switchingReport = new ListedReport({
  table: switchingRows,
  key: ['loan_id'],
  names: [
    'loan_id',
    'amount',
    'from_pool_name',
    'from_trade_id',
    'from_settlement_date',
    'to_pool_name',
    'to_trade_id',
    'to_settlement_date',
    'score_before',
    'score_after',
    'value_before',
    'value_after',
    'switch_cost_amount',
    'gain_amount',
  ],
  from: ({ run_id: runId, attempt }) => {
    const { dialect } = tenantDatabase();
    // v = amount x (score - reservation) / 100 par, rounded half away as in step 4 (engine.md, "Units").
    return sql`(
      SELECT s.*, s.value_after - s.value_before - s.switch_cost_amount AS gain_amount FROM (
        SELECT moved.loan_id, moved.amount, moved.pool_name AS from_pool_name, moved.from_trade_id,
          old_trade.settlement_date AS from_settlement_date, placed.recommended_pool AS to_pool_name,
          placed.trade_id AS to_trade_id, new_trade.settlement_date AS to_settlement_date,
          old_pair.score AS score_before, placed.score AS score_after, placed.is_locked,
          CASE WHEN moved.from_trade_id IS NULL THEN 0.00
            ELSE CAST(ROUND(moved.amount * (old_pair.score - placed.reservation_price) / 100, 2) AS decimal(14, 2))
          END AS value_before,
          placed.value_amount AS value_after, placed.switch_cost_amount
        FROM (
          SELECT run_id, attempt, loan_id, amount, pool_name,
            CASE WHEN pool_kind = 'existing' THEN trade_id END AS from_trade_id
          FROM ${dialect.table(poolGuideTable)}
          WHERE run_id = ${runId} AND attempt = ${attempt} AND action = 'Switching'
        ) moved
        JOIN ${dialect.table(guideTable)} placed
          ON placed.run_id = moved.run_id AND placed.attempt = moved.attempt AND placed.loan_id = moved.loan_id
        JOIN ${dialect.table(tradeBaseTable)} new_trade ON new_trade.run_id = moved.run_id
          AND new_trade.attempt = moved.attempt AND new_trade.trade_id = placed.trade_id
        LEFT JOIN ${dialect.table(tradeBaseTable)} old_trade ON old_trade.run_id = moved.run_id
          AND old_trade.attempt = moved.attempt AND old_trade.trade_id = moved.from_trade_id
        LEFT JOIN ${dialect.table(candidateTable)} old_pair ON old_pair.run_id = moved.run_id
          AND old_pair.attempt = moved.attempt AND old_pair.loan_id = moved.loan_id
          AND old_pair.trade_id = moved.from_trade_id
      ) s
    ) AS switching`;
  },
});
