import type { Request } from 'express';
import { HttpProblem } from './problem';

/** Forms a report comes in. */
export type ReportFormat = 'json' | 'csv';

/**
 * The form to answer in: `?format=` decides, else the Accept header with its q-values, JSON when all are welcome.
 * @throws {HttpProblem} `not_acceptable`
 */
export function reportFormat(request: Pick<Request, 'accepts'>, format?: ReportFormat): ReportFormat {
  if (format !== undefined) return format;
  const chosen = request.accepts(['application/json', 'text/csv']);
  if (chosen === 'application/json') return 'json';
  if (chosen === 'text/csv') return 'csv';
  throw new HttpProblem({
    code: 'not_acceptable',
    detail: 'This report comes as application/json or as text/csv.',
    extra: { available: ['application/json', 'text/csv'] },
  });
}
