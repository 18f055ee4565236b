import type { Request } from 'express';
import { HttpProblem } from './problem';

/** Media types of the forms a report comes in. */
export const REPORT_TYPES = {
  json: 'application/json',
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;
export type ReportFormat = keyof typeof REPORT_TYPES;

export const REPORT_FORMATS = Object.keys(REPORT_TYPES) as readonly ReportFormat[];

/**
 * The form to answer in: `?format=` decides, else the Accept header with its q-values, JSON when all are welcome.
 * @throws {HttpProblem} `not_acceptable`
 */
export function reportFormat(request: Pick<Request, 'accepts'>, format?: ReportFormat): ReportFormat {
  if (format !== undefined) return format;
  const types = Object.values(REPORT_TYPES);
  const chosen = request.accepts([...types]);
  const found = REPORT_FORMATS.find((one) => REPORT_TYPES[one] === chosen);
  if (found !== undefined) return found;
  throw new HttpProblem({
    code: 'not_acceptable',
    detail: `This report comes as ${types.join(', ')}.`,
    extra: { available: types },
  });
}
