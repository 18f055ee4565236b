import { createHash } from 'node:crypto';
import { constraintTable, type ConstraintRow, type ConstraintRuleRow } from '../entities';
import { jsonRow, tableColumns, type WireValue } from '../reports/report-column';

/** Key of a constraint. */
export type ConstraintKey = Pick<ConstraintRow, 'investor_id' | 'investor_instrument_name' | 'constraint_name'>;

/** A constraint on the wire, with the names of its rules. */
export type ConstraintView = Readonly<Record<string, WireValue>> & { readonly rules: readonly string[] };

/** The tenant's constraints: investor, instrument, constraint; each level by priority, then name. */
export interface ConstraintTree {
  /** SHA-256 of the ordered keys, priorities and row versions; a reorder names the one it was made from. */
  readonly collection_token: string;
  readonly investors: readonly {
    readonly investor_id: string;
    readonly instruments: readonly {
      readonly investor_instrument_name: string;
      readonly constraints: readonly ConstraintView[];
    }[];
  }[];
}

/** The key in one text, as messages and the log name a constraint. */
export const keyText = (key: ConstraintKey): string =>
  [key.investor_id, key.investor_instrument_name, key.constraint_name].join('/');

/** In the order a run takes them: by priority, then key. */
export const inOrder = (rows: readonly ConstraintRow[]): ConstraintRow[] =>
  [...rows].sort((a, b) => a.constraint_priority - b.constraint_priority || (keyText(a) < keyText(b) ? -1 : 1));

/** Token of the collection: any change of a constraint, an order or the set of constraints changes it. */
export function collectionToken(rows: readonly ConstraintRow[]): string {
  const hash = createHash('sha256');
  for (const row of inOrder(rows)) {
    const { investor_id, investor_instrument_name, constraint_name, constraint_priority, row_version } = row;
    hash.update(
      JSON.stringify([investor_id, investor_instrument_name, constraint_name, constraint_priority, row_version]),
    );
  }
  return hash.digest('hex');
}

const COLUMNS = tableColumns(constraintTable, [
  'investor_id',
  'investor_instrument_name',
  'constraint_name',
  'constraint_priority',
  'lo_limit',
  'hi_limit',
  'trade_condition',
  'row_version',
]);

/** A constraint as it is shown. */
export const constraintView = (row: ConstraintRow, rules: readonly string[]): ConstraintView => ({
  ...jsonRow(COLUMNS, row),
  rules,
});

/** Groups the constraints by investor and instrument, in the order of their best priority. */
export function constraintTree(rows: readonly ConstraintRow[], attached: readonly ConstraintRuleRow[]): ConstraintTree {
  const rules = new Map<string, string[]>();
  for (const row of attached) rules.set(keyText(row), [...(rules.get(keyText(row)) ?? []), row.rule_name]);
  const investors = new Map<string, Map<string, ConstraintView[]>>();
  for (const row of inOrder(rows)) {
    const instruments = investors.get(row.investor_id) ?? new Map<string, ConstraintView[]>();
    investors.set(row.investor_id, instruments);
    const views = instruments.get(row.investor_instrument_name) ?? [];
    instruments.set(row.investor_instrument_name, views);
    views.push(constraintView(row, (rules.get(keyText(row)) ?? []).sort()));
  }
  return {
    collection_token: collectionToken(rows),
    investors: [...investors].map(([investor, instruments]) => ({
      investor_id: investor,
      instruments: [...instruments].map(([instrument, constraints]) => ({
        investor_instrument_name: instrument,
        constraints,
      })),
    })),
  };
}
