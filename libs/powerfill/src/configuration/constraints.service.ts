import { param, sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import { RefusedError } from '../domain/errors';
import { constraintRuleTable, constraintTable, type ConstraintRow } from '../entities';
import { changeConfiguration, loggedRow, type ChangeScope } from './change-log';
import {
  collectionToken,
  constraintTree,
  constraintView,
  inOrder,
  keyText,
  type ConstraintKey,
  type ConstraintTree,
  type ConstraintView,
} from './constraint-tree';
import { orRefuse, parseCondition } from './rule-refusal';

/** What a constraint says besides its key; amounts in cents. */
export type ConstraintTermsInput = Pick<
  ConstraintRow,
  'constraint_priority' | 'lo_limit' | 'hi_limit' | 'trade_condition'
>;

/** A constraint's place in a new order. */
export type ConstraintPlace = ConstraintKey & Pick<ConstraintRow, 'constraint_priority'>;

const columns = constraintTable.columns;

/** The refusal of a constraint that is not there: `object_not_found`. */
export const unknownConstraint = (key: ConstraintKey): RefusedError =>
  new RefusedError('object_not_found', `There is no constraint ${keyText(key)}.`);

/** Edits the constraint tree with optimistic concurrency: every change names the version it was made from. */
export class ConstraintsService {
  /** The whole tree. */
  async tree(): Promise<ConstraintTree> {
    const { dialect, dataSource } = tenantDatabase();
    return dialect.withSnapshot(dataSource, async (runner) =>
      constraintTree(
        await dialect.readRows(runner, constraintTable),
        await dialect.readRows(runner, constraintRuleTable),
      ),
    );
  }

  /** One constraint with its rules. @throws {RefusedError} `object_not_found` */
  async get(key: ConstraintKey): Promise<ConstraintView> {
    const { dialect, dataSource } = tenantDatabase();
    const [row] = await dialect.readRows(dataSource, constraintTable, { where: key });
    if (row === undefined) throw unknownConstraint(key);
    const rules = await dialect.readRows(dataSource, constraintRuleTable, { where: key, orderBy: ['rule_name'] });
    return constraintView(
      row,
      rules.map(({ rule_name: name }) => name),
    );
  }

  /** @throws {RefusedError} `already_exists`, `invalid_rule`, `invalid_request` */
  async create(key: ConstraintKey, terms: ConstraintTermsInput, by: string): Promise<ConstraintView> {
    checkTerms(terms);
    const row: ConstraintRow = { ...key, ...terms, row_version: 1 };
    try {
      await changeConfiguration(by, async ({ runner, dialect, record }) => {
        await dialect.insertRows(runner, constraintTable, [row]);
        record({ kind: 'constraint', key: keyText(key), before: null, after: loggedRow(constraintTable, row) });
      });
    } catch (error) {
      if (tenantDatabase().dialect.uniqueViolation(error) === null) throw error;
      throw new RefusedError('already_exists', `There is a constraint ${keyText(key)} already; change it with PUT.`);
    }
    return constraintView(row, []);
  }

  /**
   * Replaces what a constraint says.
   * @param version the row version the change was made from
   * @throws {RefusedError} `precondition_failed`, `object_not_found`, `invalid_rule`, `invalid_request`
   */
  async update(key: ConstraintKey, version: number, terms: ConstraintTermsInput, by: string): Promise<ConstraintView> {
    checkTerms(terms);
    await changeConfiguration(by, async (scope) => {
      const before = await readOne(scope, key);
      const after: ConstraintRow = { ...key, ...terms, row_version: version + 1 };
      if (before.row_version !== version || !(await compareAndSet(scope, after, version))) throw stale(key, before);
      const logged = (row: ConstraintRow) => loggedRow(constraintTable, row);
      scope.record({ kind: 'constraint', key: keyText(key), before: logged(before), after: logged(after) });
    });
    return this.get(key);
  }

  /** @throws {RefusedError} `precondition_failed`, `object_not_found`, `constraint_has_rules` */
  async remove(key: ConstraintKey, version: number, by: string): Promise<void> {
    await changeConfiguration(by, async (scope) => {
      const { runner, dialect } = scope;
      const before = await readOne(scope, key);
      if (before.row_version !== version) throw stale(key, before);
      const rules = await dialect.readRows(runner, constraintRuleTable, { where: key, orderBy: ['rule_name'] });
      if (rules.length > 0) {
        const names = rules.map(({ rule_name: name }) => name);
        throw new RefusedError(
          'constraint_has_rules',
          `${keyText(key)} has ${names.length} rules attached (${names.join(', ')}); remove them first.`,
          { rules: names },
        );
      }
      const gone = await dialect.execute(
        runner,
        sql`DELETE FROM ${dialect.table(constraintTable)} WHERE ${isKey(key)} AND row_version = ${version}`,
      );
      if (gone !== 1) throw stale(key, before);
      scope.record({ kind: 'constraint', key: keyText(key), before: loggedRow(constraintTable, before), after: null });
    });
  }

  /**
   * Gives every constraint its place. Each row's version is compared and raised, so that of a reorder and an edit made
   * from the same state exactly one succeeds.
   * @param token the collection token the order was made from
   * @throws {RefusedError} `precondition_failed`, `invalid_request`
   */
  async reprioritize(token: string, order: readonly ConstraintPlace[], by: string): Promise<ConstraintTree> {
    await changeConfiguration(by, async (scope) => {
      const rows = await scope.dialect.readRows(scope.runner, constraintTable);
      if (collectionToken(rows) !== token) throw staleCollection();
      const places = new Map(order.map((place) => [keyText(place), place]));
      checkOrder(order, rows, places);
      const placed = rows.map((row) => ({
        ...row,
        constraint_priority: places.get(keyText(row))?.constraint_priority ?? row.constraint_priority,
        row_version: row.row_version + 1,
      }));
      // In one order always, so that two reorders never wait for each other.
      for (const row of [...placed].sort((a, b) => (keyText(a) < keyText(b) ? -1 : 1))) {
        if (!(await compareAndSet(scope, row, row.row_version - 1))) throw staleCollection();
      }
      const shown = (all: readonly ConstraintRow[]) => inOrder(all).map((r) => [keyText(r), r.constraint_priority]);
      scope.record({ kind: 'constraint_order', key: '*', before: shown(rows), after: shown(placed) });
    });
    return this.tree();
  }
}

/** Writes a row over the version it was made from; false when that is not there any more. */
export async function compareAndSet(
  { runner, dialect }: ChangeScope,
  row: ConstraintRow,
  version: number,
): Promise<boolean> {
  const changed = await dialect.execute(
    runner,
    sql`UPDATE ${dialect.table(constraintTable)}
        SET constraint_priority = ${row.constraint_priority}, lo_limit = ${param(columns.lo_limit, row.lo_limit)},
          hi_limit = ${param(columns.hi_limit, row.hi_limit)},
          trade_condition = ${param(columns.trade_condition, row.trade_condition)}, row_version = ${row.row_version}
        WHERE ${isKey(row)} AND row_version = ${version}`,
  );
  return changed === 1;
}

const isKey = (key: ConstraintKey) =>
  sql`investor_id = ${param(columns.investor_id, key.investor_id)}
    AND investor_instrument_name = ${param(columns.investor_instrument_name, key.investor_instrument_name)}
    AND constraint_name = ${param(columns.constraint_name, key.constraint_name)}`;

/** Reads a constraint in a transaction. @throws {RefusedError} `object_not_found` */
export async function readOne({ runner, dialect }: ChangeScope, key: ConstraintKey): Promise<ConstraintRow> {
  const [row] = await dialect.readRows(runner, constraintTable, { where: key });
  if (row === undefined) throw unknownConstraint(key);
  return row;
}

/** The refusal of a change made from an older version: `precondition_failed`. */
export const stale = (key: ConstraintKey, { row_version: current }: ConstraintRow): RefusedError =>
  new RefusedError(
    'precondition_failed',
    `${keyText(key)} was changed since that version; read it again and repeat the change.`,
    { current_row_version: current },
  );

const staleCollection = (): RefusedError =>
  new RefusedError('precondition_failed', 'A constraint was changed since that order was read; read the tree again.');

function checkTerms({ lo_limit: low, hi_limit: high, trade_condition: condition }: ConstraintTermsInput): void {
  if (low !== null && high !== null && low > high) {
    throw new RefusedError('invalid_request', 'lo_limit must not be above hi_limit.', {
      errors: [{ path: 'lo_limit', message: 'must not be above hi_limit' }],
    });
  }
  if (condition !== null) orRefuse('The trade_condition', () => parseCondition('trade', condition));
}

function checkOrder(
  order: readonly ConstraintPlace[],
  rows: readonly ConstraintRow[],
  places: ReadonlyMap<string, ConstraintPlace>,
): void {
  const refuse = (path: string, message: string): never => {
    throw new RefusedError('invalid_request', `${path} ${message}.`, { errors: [{ path, message }] });
  };
  const known = new Set(rows.map(keyText));
  const strange = order.findIndex((place) => !known.has(keyText(place)));
  if (strange >= 0) refuse(`order[${strange}]`, 'names no constraint there is');
  if (places.size < order.length) refuse('order', 'names a constraint twice');
  const missing = rows.find((row) => !places.has(keyText(row)));
  if (missing !== undefined) refuse('order', `must name every constraint; ${keyText(missing)} is missing`);
}
