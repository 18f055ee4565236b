import { param, sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import { RefusedError } from '../domain/errors';
import { constraintRuleTable, constraintTable, securitizationRuleTable, type SecuritizationRuleRow } from '../entities';
import { jsonRow, tableColumns, type WireValue } from '../reports/report-column';
import { changeConfiguration } from './change-log';
import { keyText, type ConstraintKey } from './constraint-tree';
import { compareAndSet, readOne, stale, unknownConstraint } from './constraints.service';
import { orRefuse, parseSecuritizationRule } from './rule-refusal';

const RULE_COLUMNS = tableColumns(securitizationRuleTable, [
  'rule_name',
  'kind',
  'condition_text',
  'function',
  'column_name',
  'limit_value',
  'limit_sense',
  'limit_scope',
]);

/** Attaches rules to constraints; each change raises the constraint's version. */
export class ConstraintRulesService {
  /** The rules of a constraint, by name. @throws {RefusedError} `object_not_found` */
  async list(key: ConstraintKey): Promise<readonly WireValue[]> {
    const { dialect, dataSource } = tenantDatabase();
    const [constraint] = await dialect.readRows(dataSource, constraintTable, { where: key });
    if (constraint === undefined) throw unknownConstraint(key);
    const attached = await dialect.readRows(dataSource, constraintRuleTable, { where: key, orderBy: ['rule_name'] });
    if (attached.length === 0) return [];
    const rules = await dialect.readRows(dataSource, securitizationRuleTable, {
      where: { rule_name: attached.map(({ rule_name: name }) => name) },
    });
    const byName = new Map(rules.map((rule) => [rule.rule_name, rule]));
    return attached.map(({ rule_name: name }) => {
      const rule = byName.get(name);
      return rule === undefined ? { rule_name: name, kind: null } : jsonRow(RULE_COLUMNS, rule);
    });
  }

  /**
   * Attaches a rule that can be read against the loan columns.
   * @throws {RefusedError} `object_not_found`, `reference_unknown`, `invalid_rule`, `already_exists`
   */
  async attach(key: ConstraintKey, ruleName: string, by: string): Promise<WireValue> {
    const { dialect } = tenantDatabase();
    try {
      return await changeConfiguration(by, async (scope) => {
        const constraint = await readOne(scope, key);
        const [rule] = await dialect.readRows(scope.runner, securitizationRuleTable, {
          where: { rule_name: ruleName },
        });
        if (rule === undefined) {
          throw new RefusedError('reference_unknown', `There is no securitization rule ${ruleName}.`, {
            errors: [{ path: 'rule_name', message: 'names no rule of pscat_securitization_rules' }],
          });
        }
        checkRule(rule);
        const raised = { ...constraint, row_version: constraint.row_version + 1 };
        if (!(await compareAndSet(scope, raised, constraint.row_version))) throw stale(key, constraint);
        await dialect.insertRows(scope.runner, constraintRuleTable, [{ ...key, rule_name: ruleName }]);
        scope.record({ kind: 'constraint_rule', key: `${keyText(key)}/${ruleName}`, before: null, after: ruleName });
        return jsonRow(RULE_COLUMNS, rule);
      });
    } catch (error) {
      if (dialect.uniqueViolation(error) === null) throw error;
      throw new RefusedError('already_exists', `${keyText(key)} has the rule ${ruleName} already.`);
    }
  }

  /** @throws {RefusedError} `object_not_found` */
  async detach(key: ConstraintKey, ruleName: string, by: string): Promise<void> {
    await changeConfiguration(by, async (scope) => {
      const { dialect, runner } = scope;
      const constraint = await readOne(scope, key);
      const raised = { ...constraint, row_version: constraint.row_version + 1 };
      if (!(await compareAndSet(scope, raised, constraint.row_version))) throw stale(key, constraint);
      const { columns } = constraintRuleTable;
      const gone = await dialect.execute(
        runner,
        sql`DELETE FROM ${dialect.table(constraintRuleTable)}
            WHERE investor_id = ${param(columns.investor_id, key.investor_id)}
              AND investor_instrument_name = ${param(columns.investor_instrument_name, key.investor_instrument_name)}
              AND constraint_name = ${param(columns.constraint_name, key.constraint_name)}
              AND rule_name = ${param(columns.rule_name, ruleName)}`,
      );
      if (gone !== 1) throw new RefusedError('object_not_found', `${keyText(key)} has no rule ${ruleName}.`);
      scope.record({ kind: 'constraint_rule', key: `${keyText(key)}/${ruleName}`, before: ruleName, after: null });
    });
  }
}

const checkRule = (rule: SecuritizationRuleRow): void =>
  void orRefuse(`Rule ${rule.rule_name}`, () => parseSecuritizationRule(rule));
