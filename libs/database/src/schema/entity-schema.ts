import { EntitySchema, Table, TableIndex, type EntitySchemaColumnOptions } from 'typeorm';
import type { DriverName } from '../driver';
import { fromDatabase, toDatabase } from '../values/convert';
import { BINARY_COLLATION, columnType, isCollated, type ColumnType } from './column-types';
import type { Column } from './columns';
import type { TableDefinition } from './table';

/** Name of the constraint behind a table's primary key, as it appears in a driver's error. */
export const primaryKeyName = (table: TableDefinition): string => `pk_${table.name}`;

/**
 * As `columnType`, but dates travel as text: TypeORM makes a SQL Server `date` local midnight, which the process's
 * time zone would shift. Entities never make DDL, so the type here only says how a value is bound.
 */
const entityColumnType = (column: Column, driver: DriverName): ColumnType =>
  column.kind === 'date' && driver === 'mssql' ? { type: 'varchar', length: '10' } : columnType(column, driver);

function entityColumn(table: TableDefinition, name: string, column: Column, driver: DriverName) {
  const { type, length, precision, scale } = entityColumnType(column, driver);
  const primary = table.primaryKey.includes(name);
  const options: EntitySchemaColumnOptions = {
    type: type as NonNullable<EntitySchemaColumnOptions['type']>,
    name,
    nullable: column.nullable,
    transformer: {
      // Undefined is a column the caller does not write; the driver's default applies.
      to: (value: unknown) => (value === undefined ? undefined : toDatabase({ ...column, nullable: true }, value)),
      from: (value: unknown) => fromDatabase(column, value),
    },
    ...(primary ? { primary, primaryKeyConstraintName: primaryKeyName(table) } : {}),
    ...(length === undefined ? {} : { length }),
    ...(precision === undefined ? {} : { precision }),
    ...(scale === undefined ? {} : { scale }),
    ...(isCollated(column) ? { collation: BINARY_COLLATION[driver] } : {}),
  };
  return options;
}

/**
 * TypeORM entity of a table, for repositories and query builders over few rows; find it by `table.name`.
 * @param schema database schema, when it is not the connection's own
 */
export function entitySchemaOf(table: TableDefinition, driver: DriverName, schema?: string): EntitySchema {
  return new EntitySchema({
    name: table.name,
    tableName: table.name,
    synchronize: false,
    ...(schema === undefined ? {} : { schema }),
    columns: Object.fromEntries(
      Object.entries(table.columns).map(([name, column]) => [name, entityColumn(table, name, column, driver)]),
    ),
    indices: table.indexes.map((index) => ({
      name: index.name,
      columns: [...index.columns],
      unique: index.unique ?? false,
      synchronize: false,
      ...(index.where === undefined ? {} : { where: index.where }),
    })),
  });
}

/** TypeORM table for the migration that creates it; `columns` limits it to those a schema version has. */
export function tableOf(
  table: TableDefinition,
  driver: DriverName,
  schema?: string,
  columns: readonly string[] = Object.keys(table.columns),
): Table {
  return new Table({
    name: table.name,
    ...(schema === undefined ? {} : { schema }),
    columns: columns.flatMap((name) => {
      const column = table.columns[name];
      return column === undefined ? [] : [tableColumnOptions(table, name, column, driver)];
    }),
    indices: table.indexes.map((index) => tableIndexOf(index)),
  });
}

/** Options of a TypeORM table column. */
export function tableColumnOptions(table: TableDefinition, name: string, column: Column, driver: DriverName) {
  const { type, length, precision, scale } = columnType(column, driver);
  return {
    name,
    type,
    isNullable: column.nullable,
    ...(table.primaryKey.includes(name) ? { isPrimary: true, primaryKeyConstraintName: primaryKeyName(table) } : {}),
    ...(length === undefined ? {} : { length }),
    ...(precision === undefined ? {} : { precision }),
    ...(scale === undefined ? {} : { scale }),
    ...(isCollated(column) ? { collation: BINARY_COLLATION[driver] } : {}),
  };
}

/** TypeORM index of a table; the predicate is the declared text, byte for byte. */
export function tableIndexOf(index: TableDefinition['indexes'][number]): TableIndex {
  return new TableIndex({
    name: index.name,
    columnNames: [...index.columns],
    isUnique: index.unique ?? false,
    ...(index.where === undefined ? {} : { where: index.where }),
  });
}
