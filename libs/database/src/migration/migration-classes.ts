import { TableColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import { tableColumnOptions, tableOf } from '../schema/entity-schema';
import type { TableDefinition } from '../schema/table';
import { changeOf, migrationName, type SchemaPlan, type SchemaVersion } from './plan';

const schemaOf = (plan: SchemaPlan, table: TableDefinition): string =>
  table.group === 'upstream' ? (plan.upstreamSchema ?? plan.schema) : plan.schema;

async function apply(runner: QueryRunner, plan: SchemaPlan, version: SchemaVersion): Promise<void> {
  const change = changeOf(plan, version.version);
  for (const { table, columns } of change.newTables) {
    await runner.createTable(tableOf(table, plan.driver, schemaOf(plan, table), columns));
  }
  for (const { table, name, column } of change.newColumns) {
    // Expand only: a column that came later must be nullable, or the process of the version before could not insert.
    const options = tableColumnOptions(table, name, column, plan.driver);
    await runner.addColumn(tableOf(table, plan.driver, schemaOf(plan, table)), new TableColumn(options));
  }
}

function migrationClass(plan: SchemaPlan, version: SchemaVersion): new () => MigrationInterface {
  return class implements MigrationInterface {
    readonly name = migrationName(version);

    async up(runner: QueryRunner): Promise<void> {
      await apply(runner, plan, version);
    }

    down(): Promise<void> {
      throw new Error('Migrations expand and contract; there is no way back');
    }
  };
}

/** TypeORM migrations of one tenant, oldest first. */
export const migrationClasses = (plan: SchemaPlan): (new () => MigrationInterface)[] =>
  plan.versions.map((version) => migrationClass(plan, version));
