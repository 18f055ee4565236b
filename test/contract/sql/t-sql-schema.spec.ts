import { ACTIVE_RUN_INDEX, ALL_TABLES } from '@powerfill/core/entities';
import { ACTIVE_STATUSES } from '@powerfill/core/domain/run-status';
import { readable } from './recorder';
import { ddl } from './schema-statements';

describe('T-SQL of the schema', () => {
  it('is the DDL under review', async () => {
    expect((await ddl('managed')).map(readable).join(';\n\n')).toMatchSnapshot();
  });

  it('filters the unique index of BR-8 to exactly the active statuses', async () => {
    const quoted = ACTIVE_STATUSES.map((status) => `'${status}'`).join(', ');
    expect((await ddl('managed')).filter((statement) => statement.includes(ACTIVE_RUN_INDEX))).toEqual([
      `CREATE UNIQUE INDEX "${ACTIVE_RUN_INDEX}" ON "powerfill"."pfill_run_history" ("tenant_id") WHERE status IN (${quoted})`,
    ]);
  });

  it("creates nothing in a lender's own schema", async () => {
    const statements = await ddl('external');
    expect(statements.filter((statement) => statement.includes('"los"'))).toEqual([]);
    expect(statements.length).toBeGreaterThan(20);
  });

  it('keeps within the limits SQL Server has for index keys', async () => {
    // 900 bytes for the clustered primary key, 1,700 for any other index; nvarchar takes two bytes a character.
    const bytes = (table: (typeof ALL_TABLES)[number], columns: readonly string[]): number =>
      columns.reduce((sum, name) => {
        const column = table.columns[name];
        const fixed = {
          uuid: 16,
          int: 4,
          date: 3,
          timestamp: 7,
          decimal: 13,
          boolean: 1,
          json: Infinity,
          blob: Infinity,
        };
        if (column?.kind === 'varchar') return sum + (column.length ?? 0);
        if (column?.kind === 'text') return sum + 2 * (column.length ?? 0);
        return sum + (column === undefined ? Infinity : fixed[column.kind]);
      }, 0);
    for (const table of ALL_TABLES) {
      expect([table.name, bytes(table, table.primaryKey) <= 900]).toEqual([table.name, true]);
      for (const index of table.indexes) {
        expect([index.name, bytes(table, index.columns) <= 1_700]).toEqual([index.name, true]);
      }
    }
    await expect(ddl('managed')).resolves.not.toContainEqual(expect.stringMatching(/CASCADE|TRIGGER/));
  });
});
