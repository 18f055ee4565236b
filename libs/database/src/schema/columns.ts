/**
 * The column kinds every table of PowerFill is made of. A table is declared once, as data, and from that
 * declaration come the TypeORM entity, the migration, the bulk writer's types and the row type of the code.
 *
 * In memory a decimal is an **integer scaled by its column's scale** (money: cents, rates: 1e-6 percent,
 * prices: 1e-8 point), so that sums are exact; on the wire and in the database it is decimal text.
 */
export type ColumnKind =
  'varchar' | 'text' | 'decimal' | 'int' | 'boolean' | 'date' | 'timestamp' | 'uuid' | 'json' | 'blob';

/** One column. `K` and `N` carry kind and nullability into the row type. */
export interface Column<K extends ColumnKind = ColumnKind, N extends boolean = boolean> {
  readonly kind: K;
  readonly nullable: N;
  /** Characters, for `varchar` (codes and keys) and `text` (Unicode). */
  readonly length?: number;
  /** Total digits, for `decimal`. */
  readonly precision?: number;
  /** Digits after the point, for `decimal`. */
  readonly scale?: number;
  /** Schema version that brought the column; 1 unless said. */
  readonly since?: number;
}

type Nullable<C extends Column> = C extends Column<infer K> ? Column<K, true> : never;

/** Marks a column as nullable. */
export function nullable<C extends Column<ColumnKind, false>>(column: C): Nullable<C> {
  return { ...column, nullable: true } as unknown as Nullable<C>;
}

/** A column that a later schema version brought to an older table: nullable, since older rows have none. */
export const later = <C extends Column<ColumnKind, false>>(since: number, column: C): Nullable<C> => ({
  ...nullable(column),
  since,
});

/** ASCII code or key of at most `length` characters. */
export const code = (length: number): Column<'varchar', false> => ({ kind: 'varchar', nullable: false, length });
/** Unicode text of at most `length` characters. */
export const text = (length: number): Column<'text', false> => ({ kind: 'text', nullable: false, length });
/** Exact decimal; in memory an integer scaled by 10^scale. */
export const decimal = (precision: number, scale: number): Column<'decimal', false> => ({
  kind: 'decimal',
  nullable: false,
  precision,
  scale,
});
/** Dollars and cents; in memory integer cents. */
export const money = (): Column<'decimal', false> => decimal(14, 2);
/** Price or points of 100 par; in memory integers of 1e-8 point. */
export const price = (): Column<'decimal', false> => decimal(12, 8);
/** Rate in percent; in memory integers of 1e-6 percent. */
export const rate = (): Column<'decimal', false> => decimal(9, 6);
/** 32-bit integer. */
export const int = (): Column<'int', false> => ({ kind: 'int', nullable: false });
/** True or false. */
export const flag = (): Column<'boolean', false> => ({ kind: 'boolean', nullable: false });
/** Calendar date, `YYYY-MM-DD` in memory. */
export const date = (): Column<'date', false> => ({ kind: 'date', nullable: false });
/** Instant in UTC with milliseconds (`datetime2(3)`, `timestamptz(3)`). */
export const timestamp = (): Column<'timestamp', false> => ({ kind: 'timestamp', nullable: false });
/** UUID, lower case in memory. */
export const uuid = (): Column<'uuid', false> => ({ kind: 'uuid', nullable: false });
/** JSON document kept as text (`nvarchar(max)` on SQL Server). */
export const json = (): Column<'json', false> => ({ kind: 'json', nullable: false });
/** Binary data. */
export const blob = (): Column<'blob', false> => ({ kind: 'blob', nullable: false });

interface KindTypes {
  varchar: string;
  text: string;
  decimal: number;
  int: number;
  boolean: boolean;
  date: string;
  timestamp: Date;
  uuid: string;
  json: string;
  blob: Buffer;
}

/** TypeScript type of a column's value in memory. */
export type ValueOf<C> = C extends Column<infer K, infer N> ? KindTypes[K] | (N extends true ? null : never) : never;
