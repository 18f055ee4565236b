import { guideTable, PRICE_TERM_COLUMNS } from '../entities';
import { ListedReport } from './listed-report';

/** One row per placed loan: where it goes, what every price term adds, and what else there was. */
export const guideReport = new ListedReport({
  table: guideTable,
  key: ['loan_id'],
  names: [
    'loan_id',
    'trade_id',
    'pool_name',
    'recommended_pool',
    'pool_action',
    'investor_id',
    'investor_instrument_name',
    'constraint_name',
    'constraint_priority',
    'amount',
    'note_rate',
    ...PRICE_TERM_COLUMNS,
    'reservation_price',
    'value_amount',
    'switch_cost_amount',
    'buy_up_bp',
    'retained_excess_bp',
    'interest_earning_days',
    'delivery_date',
    'days_on_line',
    'lock_expiration_date',
    'is_locked',
    'trade_rank',
    'second_trade_id',
    'second_score',
    'alternative_id',
    'alternative_score',
    'give_up',
  ],
});
