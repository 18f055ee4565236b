import { Logger, pino } from 'pino';
import { logContext } from './log-context';

/**
 * The process's logger: JSON lines on standard output with the ids of the current run or request. Nothing of a
 * borrower, no secret and no SQL values are ever passed to it.
 */
export function createLogger(options: { app: string; level: string }): Logger {
  return pino({
    level: options.level,
    base: { app: options.app, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: () => ({ ...logContext() }),
    redact: ['req.headers.authorization', 'req.headers.cookie'],
    formatters: { level: (label) => ({ level: label }) },
  });
}
