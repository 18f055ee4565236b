import { ACTIVE_STATUSES } from '../domain/run-status';
import { ACTIVE_RUN_INDEX, ALL_TABLES, runHistoryTable } from '.';

describe('the declared tables', () => {
  it('filter the unique index of BR-8 to exactly the active statuses', () => {
    const index = runHistoryTable.indexes.find(({ name }) => name === ACTIVE_RUN_INDEX);
    expect(index).toEqual({
      name: ACTIVE_RUN_INDEX,
      columns: ['tenant_id'],
      unique: true,
      where: "status IN ('Pending', 'PreProcessing', 'Allocating', 'PostProcessing')",
    });
    expect([...(index?.where?.matchAll(/'(\w+)'/g) ?? [])].map((match) => match[1])).toEqual(ACTIVE_STATUSES);
  });

  it('have names of their own, keys that are never null and indexes over columns they have', () => {
    const names = ALL_TABLES.flatMap((table) => [table.name, ...table.indexes.map((index) => index.name)]);
    expect(new Set(names).size).toBe(names.length);
    for (const table of ALL_TABLES) {
      const keys = table.primaryKey.map((name) => [table.name, name, table.columns[name]?.nullable]);
      expect(keys).toEqual(table.primaryKey.map((name) => [table.name, name, false]));
      for (const index of table.indexes)
        expect(Object.keys(table.columns)).toEqual(expect.arrayContaining([...index.columns]));
    }
  });

  it('are nullable wherever a later schema version brought a column to an older table', () => {
    const later = ALL_TABLES.flatMap((table) =>
      Object.values(table.columns).filter((c) => (c.since ?? 1) > table.since),
    );
    expect(later.filter((column) => !column.nullable)).toEqual([]);
  });

  it('of BR-9 are the seven that users see, and the totals of one of them', () => {
    // runs.md, "BR-9 cleanup".
    expect(
      ALL_TABLES.filter((table) => table.group === 'output')
        .map((table) => table.name)
        .sort(),
    ).toEqual([
      'pfill_kickout_guide_01',
      'pfill_loan2trade_candy_level_01',
      'pfill_loan_constraint_pool',
      'pfill_loan_ordering',
      'pfill_pool_guide',
      'pfill_pool_totals',
      'pfill_powerfill_guide',
      'pfill_trade_base',
    ]);
  });
});
