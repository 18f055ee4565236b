import { candidateTable } from '../entities';
import { ListedReport } from './listed-report';

/** The candidates of each loan, best first: what each trade would pay, term by term. */
export const candidatesReport = new ListedReport({
  table: candidateTable,
  key: ['loan_id', 'rank_no'],
  names: [
    'loan_id',
    'rank_no',
    'trade_id',
    'investor_id',
    'investor_instrument_name',
    'constraint_name',
    'constraint_priority',
    'amount',
    'base_price',
    'pay_up',
    'pay_up_story',
    'buy_up_down',
    'servicing_value',
    'adjustments',
    'price',
    'carry',
    'prx_plus_carry',
    'score',
    'interest_earning_days',
    'delivery_date',
    'is_locked',
    'warning_codes',
  ],
});
