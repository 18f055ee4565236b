import type { DataSource } from 'typeorm';

/** The pool behind TypeORM's driver: `pg`'s tells `totalCount`, `mssql`'s tells `size`. */
interface DriverPool {
  readonly totalCount?: number;
  readonly size?: number;
}

/** Connections that a DataSource holds now, idle ones included. */
export function openConnections(dataSource: DataSource): number {
  const { master } = dataSource.driver as unknown as { readonly master?: DriverPool };
  return master?.totalCount ?? master?.size ?? 0;
}
