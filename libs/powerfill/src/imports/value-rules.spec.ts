import { IMPORTABLE_TABLES } from './importable-tables';
import { VALUE_RULES } from './value-rules';

describe('the value rules', () => {
  it('name only tables and columns that exist', () => {
    const unknown = Object.entries(VALUE_RULES).flatMap(([name, rules]) => {
      const table = IMPORTABLE_TABLES.find((one) => one.name === name);
      return Object.keys(rules)
        .filter((column) => table?.columns[column] === undefined)
        .map((column) => `${name}.${column}`);
    });
    expect(unknown).toEqual([]);
  });
});
