import { applyDecorators } from '@nestjs/common';
import { ApiParam, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { REPORT_TYPES } from '../http/accept';
import { ApiProblems, ApiTenant } from '../http/api-docs';

/** Documents what all reports of a run share. */
export const ApiReports = (): ClassDecorator =>
  applyDecorators(
    ApiTags('Reports'),
    ApiTenant(),
    ApiParam({ name: 'run_id', description: 'A run id, or `latest` for the newest Complete run', example: 'latest' }),
    ApiProduces(...Object.values(REPORT_TYPES)),
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
