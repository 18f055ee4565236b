import { parseCondition, parseSecuritizationRule } from '../configuration/rule-refusal';
import { readLoan } from '../eligibility/rule-columns';
import { payupsInForce } from '../pricing/stories';
import { RuleError, type ParsedRule, type PoolLimit } from '../rules';
import { loanFound, type PreflightContext } from './context';
import { finding, type Finding } from './finding';

/** What is wrong with the rules, and which attributes they ask for in vain. */
export function ruleChecks(context: PreflightContext): Finding[] {
  const { input } = context;
  const faults: { id: string; message: string }[] = [];
  const tried = <T>(id: string, parse: () => T): T | null => {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      const { line, column } = error.position;
      faults.push({ id, message: `${id} (line ${line}, column ${column}): ${error.message}` });
      return null;
    }
  };
  const text = (kind: 'loan' | 'trade', id: string, condition: string | null): void => {
    if (condition !== null && condition.trim() !== '') tried(id, () => parseCondition(kind, condition));
  };
  const rules = new Map<string, ParsedRule | PoolLimit | null>();
  for (const row of input.rules)
    rules.set(
      row.rule_name,
      tried(row.rule_name, () => parseSecuritizationRule(row)),
    );
  for (const row of input.constraints) text('trade', row.constraint_name, row.trade_condition);
  for (const row of payupsInForce(input.payups ?? [], input.asOf))
    text('loan', `${row.investor_instrument_name} ${row.story}`, row.condition_text);
  for (const row of input.priceAdjustments)
    text('loan', `${row.investor_instrument_name} ${row.adj_name}`, row.condition_text);
  const missing = input.constraintRules.filter(({ rule_name: name }) => !rules.has(name));
  for (const row of missing) {
    faults.push({
      id: row.rule_name,
      message: `${row.constraint_name} names rule ${row.rule_name}, which is not there.`,
    });
  }
  const [first] = faults;
  return [
    ...finding('rule_invalid', `Rules cannot be read. The first: ${first?.message ?? ''}`, faults),
    ...attributeChecks(context, rules),
  ];
}

/** Loans without an attribute that an attached rule reads: three-valued logic turns them away. */
function attributeChecks(
  { input, loans }: PreflightContext,
  rules: ReadonlyMap<string, ParsedRule | PoolLimit | null>,
): Finding[] {
  const columns = new Set<string>();
  for (const name of new Set(input.constraintRules.map((row) => row.rule_name))) {
    const rule = rules.get(name) ?? null;
    if (rule === null) continue;
    if (!('bounds' in rule)) rule.columns.forEach((column) => columns.add(column));
    else {
      rule.condition?.columns.forEach((column) => columns.add(column));
      if (rule.kind === 'weighted_average') columns.add(rule.attribute);
    }
  }
  return [...columns]
    .filter((column) => !column.includes('.'))
    .sort()
    .flatMap((column) => {
      const read = readLoan(column);
      const without = loans.filter((loan) => {
        const value = read(loan);
        return value === null || value === undefined;
      });
      return finding(
        'attribute_missing',
        `Loans have no ${column}, which rules read; such rules turn them away.`,
        without.map(loanFound),
      );
    });
}
