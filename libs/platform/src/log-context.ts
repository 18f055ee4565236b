import { AsyncLocalStorage } from 'node:async_hooks';

/** Ids that belong on every line a run or request writes. */
export interface LogContext {
  tenant_id?: string;
  run_id?: string;
  step?: string;
}

const storage = new AsyncLocalStorage<LogContext>();

/** Runs `work` with the fields added to every log line it writes. */
export const withLogContext = <T>(fields: LogContext, work: () => T): T =>
  storage.run({ ...storage.getStore(), ...fields }, work);

/** The fields of the current work; empty outside of any. */
export const logContext = (): LogContext => storage.getStore() ?? {};
