/** The two databases PowerFill runs on (data.md). */
export const DRIVER_NAMES = ['postgres', 'mssql'] as const;
export type DriverName = (typeof DRIVER_NAMES)[number];
