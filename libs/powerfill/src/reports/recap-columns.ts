import { decimalText, moneyText } from '../domain/money';
import { tradeBaseTable, type TradeBaseRow } from '../entities';
import type { RecapLine } from './recap-line';
import { computed, CONTENT, tableColumns, type ReportColumn } from './report-column';

const money = (cents: number | null): string | null => (cents === null ? null : moneyText(cents));
const percent = (value: bigint | null): string | null => (value === null ? null : decimalText(value, 2));

/** Columns of the trade's own row. */
const stored = (...names: (keyof TradeBaseRow)[]): ReportColumn<RecapLine>[] =>
  tableColumns(tradeBaseTable, names).map((column) => ({ ...column, cell: (line) => column.cell(line.trade) }));

/** Columns of the recap, in reading order: who, when, price, obligation, fill, quality, outcome. */
export const RECAP_COLUMNS: readonly ReportColumn<RecapLine>[] = [
  ...stored('trade_id', 'trade_type', 'delivery_type', 'investor_id', 'counterparty', 'investor_instrument_name'),
  ...stored('product', 'coupon', 'story', 'servicing', 'trade_date', 'settlement_date', 'notification_date'),
  computed('notification_business_days_left', CONTENT.whole, (line) => line.notificationDaysLeft),
  ...stored('price', 'market_price'),
  computed('mark_to_market_amount', CONTENT.dollars, (line) => money(line.markToMarket)),
  ...stored('trade_amount', 'obligation_amount', 'delivered_amount', 'paired_off_amount', 'pool_locked_amount'),
  ...stored('target_amount', 'min_amount', 'max_amount', 'past_horizon'),
  ...stored('fill_amount', 'fill_closed_amount', 'fill_locked_amount', 'fill_pull_through_amount'),
  computed('filled_percent', CONTENT.percent, (line) => percent(line.percentFilled)),
  computed('to_min_amount', CONTENT.dollars, (line) => money(line.toMin)),
  computed('to_max_amount', CONTENT.dollars, (line) => money(line.toMax)),
  ...stored('fill_count', 'wa_note_rate', 'wa_fico', 'wa_ltv', 'wa_dti'),
  computed('high_balance_percent', CONTENT.percent, (line) => percent(line.highBalancePercent)),
  ...stored('top_state'),
  computed('top_state_percent', CONTENT.percent, (line) => percent(line.topStatePercent)),
  ...stored('not_certified_amount', 'tail_amount'),
  computed('tolerance_option_amount', CONTENT.dollars, (line) => money(line.toleranceOption)),
  ...stored('status', 'pair_off_kind', 'pair_off_points', 'pair_off_cost', 'shadow_price', 'limits_json'),
];
