import { candidateTable, PRICE_TERM_COLUMNS } from '../entities';
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
    ...PRICE_TERM_COLUMNS,
    'interest_earning_days',
    'delivery_date',
    'is_locked',
    'warning_codes',
  ],
});
