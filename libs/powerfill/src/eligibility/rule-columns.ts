import type { Column, TableDefinition } from '@powerfill/database';
import { loanTable, tradeTable, type LoanRow, type TradeRow } from '../entities';
import { columnCatalogue, type ColumnCatalogue, type ColumnType, type ReaderOf } from '../rules';

/** What a loan rule looks at: the row, and the high-balance flag as the loan limits give it. */
export interface RuleSubject {
  readonly loan: LoanRow;
  readonly highBalance: boolean;
}

/**
 * Columns of loan rules, pay-up stories, adjustments and pool rules: every column of `loan`, members of `custom_data`
 * included. `high_balance_indicator` is the flag derived from the loan limits, never the loan system's own.
 */
export const LOAN_RULE_COLUMNS: ColumnCatalogue = columnCatalogue(columnsOf(loanTable));

/** Columns of `trade_condition`: every column of `pscat_trades`, and `settlement_month` (`YYYY-MM`). */
export const TRADE_RULE_COLUMNS: ColumnCatalogue = columnCatalogue({
  ...columnsOf(tradeTable),
  settlement_month: { kind: 'string' },
});

/** Column that marks a story as made for high-balance loans. */
export const HIGH_BALANCE_COLUMN = 'high_balance_indicator';

/** Readers of a loan's columns for `compileRule`. */
export const readLoan: ReaderOf<RuleSubject> = (column) => {
  if (column === HIGH_BALANCE_COLUMN) return ({ highBalance }) => (highBalance ? 'Y' : 'N');
  if (column === 'custom_data') return ({ loan }) => customData(loan);
  const key = column as keyof LoanRow;
  return ({ loan }) => loan[key];
};

/** As `readLoan`, for stories: a size story tests the original amount, whichever amount its condition names. */
export const readLoanForStory: ReaderOf<RuleSubject> = (column) =>
  column === 'loan_amount' || column === 'orig_loan_amount' || column === 'issue_date_prin_bal'
    ? ({ loan }) => loan.orig_loan_amount ?? loan.loan_amount
    : readLoan(column);

/** Readers of a trade's columns for `compileRule`. */
export const readTrade: ReaderOf<TradeRow> = (column) => {
  if (column === 'settlement_month') return (trade) => trade.settlement_date.slice(0, 7);
  const key = column as keyof TradeRow;
  return (trade) => trade[key];
};

const parsedCustomData = new WeakMap<LoanRow, object | null>();

/** The lender's own columns; text that is no JSON object counts as no data. */
export function customData(loan: LoanRow): object | null {
  let parsed = parsedCustomData.get(loan);
  if (parsed === undefined) {
    parsed = parseObject(loan.custom_data);
    parsedCustomData.set(loan, parsed);
  }
  return parsed;
}

function parseObject(text: string | null): object | null {
  if (text === null || !text.trimStart().startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function columnsOf(table: TableDefinition): Record<string, ColumnType> {
  return Object.fromEntries(Object.entries(table.columns).map(([name, column]) => [name, typeOf(column)]));
}

function typeOf(column: Column): ColumnType {
  switch (column.kind) {
    case 'decimal':
      return column.scale === 2 ? { kind: 'money' } : { kind: 'number', scale: column.scale ?? 0 };
    case 'int':
      return { kind: 'number', scale: 0 };
    case 'boolean':
      return { kind: 'boolean' };
    case 'date':
      return { kind: 'date' };
    case 'json':
      return { kind: 'json' };
    default:
      return { kind: 'string' };
  }
}
