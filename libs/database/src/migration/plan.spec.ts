import { code, int, nullable } from '../schema/columns';
import { defineTable } from '../schema/table';
import { changeOf, migrationName, plannedTables, versionOfName } from './plan';
import { schemaStateOf } from './schema-version';

const first = defineTable('first', 'audit', {
  columns: { id: code(5), late: { ...nullable(int()), since: 2 } },
  primaryKey: ['id'],
});
const second = defineTable('second', 'audit', { columns: { id: code(5) }, primaryKey: ['id'], since: 2 });
const lenders = defineTable('lenders', 'upstream', { columns: { id: code(5) }, primaryKey: ['id'] });
const plan = { tables: [first, second, lenders], upstream: 'managed' } as const;

describe('schema versions', () => {
  it('bring the tables and columns declared with their number', () => {
    const names = (version: number) => {
      const { newTables, newColumns } = changeOf(plan, version);
      return [
        newTables.map(({ table, columns }) => `${table.name}(${columns.join()})`),
        newColumns.map(({ table, name }) => `${table.name}.${name}`),
      ];
    };
    expect(names(1)).toEqual([['first(id)', 'lenders(id)'], []]);
    expect(names(2)).toEqual([['second(id)'], ['first.late']]);
    expect(names(3)).toEqual([[], []]);
  });

  it("never touch a lender's own tables", () => {
    expect(plannedTables({ ...plan, upstream: 'external' })).toEqual([first, second]);
  });

  it('are read back from the name under which they are recorded', () => {
    const name = migrationName({ version: 7, name: 'Limits', timestamp: 1_795_392_000_000 });
    expect(name).toBe('Schema007Limits1795392000000');
    expect([versionOfName(name), versionOfName('Other1795392000000')]).toEqual([7, null]);
  });

  it('let a process work on its own version and the next', () => {
    const states = [null, 3, 4, 5, 6].map((version) => schemaStateOf(version, 4));
    expect(states).toEqual(['missing', 'outdated', 'ok', 'ok', 'too_new']);
  });
});
