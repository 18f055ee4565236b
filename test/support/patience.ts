import { isOnSqlServer } from './servers';

/**
 * How much longer than on PostgreSQL what a test waits for may take. Babelfish opens a connection in 0.1 to 0.5 s, where
 * PostgreSQL takes 10 ms: six runs that begin at once may take longer than a lease of 2 s for it.
 */
export const patience = (ms: number): number => (isOnSqlServer() ? ms * 5 : ms);
