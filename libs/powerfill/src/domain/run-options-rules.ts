import type { DecimalRule } from './run-options-decimal';

/** What each run option may be; the API validates by these, its documentation quotes them (runs.md, section 2). */

export const SCOPES = ['closed', 'closed_and_locked'] as const;
export const PRICE_MODES = ['price', 'price_plus_carry'] as const;
export const ALLOCATION_MODES = ['priority', 'global'] as const;
export const EFFORTS = ['interactive', 'standard', 'deep'] as const;

/** Reservation price that follows the market. */
export const MARKET_RESERVATION = 'market';

export const PRICE_FLOOR_RULE: DecimalRule = { scale: 8, min: 0, max: 999 };
export const RESERVATION_RULE: DecimalRule = { scale: 8, min: 0, max: 999 };
/** Basis points of the loan's amount; 10,000 = all of it. */
export const SWITCH_COST_RULE: DecimalRule = { scale: 4, min: 0, max: 10_000 };

/** Ten years. */
export const MAX_DAYS = 3_650;
export const MAX_SEED = 4_294_967_295;
export const MAX_CANDIDATES_KEPT = 1_000;
/** Ids of one list; more would not fit the 1 MB a request body may have. */
export const MAX_LISTED_IDS = 25_000;

/** A key of the lender's systems: printable ASCII without blanks at its ends. */
export const KEY_PATTERN = /^[!-~](?:[ -~]{0,28}[!-~])?$/;

/** Years a date may lie in; others are slips of the keyboard. */
export const EARLIEST_DATE = '2000-01-01';
export const LATEST_DATE = '2099-12-31';
