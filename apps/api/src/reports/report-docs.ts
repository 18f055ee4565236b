import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiParam, ApiResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { REPORT_TYPES } from '../http/accept';
import { ApiProblems, ApiTenant } from '../http/api-docs';

/** Documents what all reports of a run share. */
export const ApiReports = (): ClassDecorator =>
  applyDecorators(
    ApiTags('Reports'),
    ApiTenant(),
    ApiParam({ name: 'run_id', description: 'A run id, or `latest` for the newest Complete run', example: 'latest' }),
    ApiResponse({ status: 304, description: 'Nothing has changed since the answer whose ETag `If-None-Match` names' }),
    ApiProblems(
      'invalid_request',
      'invalid_cursor',
      'run_not_found',
      'no_complete_run',
      'not_acceptable',
      'run_in_progress',
      'outputs_purged',
    ),
  );

/** Documents a report's answer: a document as JSON, the rows as a file. */
export const ApiReportAnswer = (document: Type): MethodDecorator =>
  applyDecorators(
    ApiExtraModels(document),
    ApiOkResponse({
      content: {
        [REPORT_TYPES.json]: { schema: { $ref: getSchemaPath(document) } },
        [REPORT_TYPES.csv]: { schema: { type: 'string' } },
        [REPORT_TYPES.xlsx]: { schema: { type: 'string', format: 'binary' } },
      },
    }),
  );
