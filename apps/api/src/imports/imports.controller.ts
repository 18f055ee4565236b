import { Controller, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { IMPORTABLE_TABLES, ImportService, type ImportMode, type ImportReport } from '@powerfill/core/imports';
import type { Request } from 'express';
import { ApiProblems, ApiTenant } from '../http/api-docs';
import { queryPipe } from '../http/validation';
import { ImportQuery, ImportReportDto } from './import.dto';
import { uploadedCsv } from './uploaded-csv';

@ApiTags('Imports')
@ApiTenant()
@Controller('api/powerfill/imports')
export class ImportsController {
  constructor(private readonly imports: ImportService) {}

  @Post(':table')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Loads a CSV file into a table',
    description:
      'UTF-8, header row, columns in any order, at most 100 MB. A row with a known key replaces the stored one. ' +
      'One bad row and nothing is stored, unless `mode=partial`.',
  })
  @ApiParam({ name: 'table', enum: IMPORTABLE_TABLES.map(({ name }) => name) })
  @ApiConsumes('text/csv')
  @ApiBody({
    schema: { type: 'string' },
    examples: { stages: { summary: 'pscat_loan_stages', value: 'stage,seq\nIn Process,1\nApproved,3\n' } },
  })
  @ApiOkResponse({ type: ImportReportDto })
  @ApiProblems('invalid_request', 'invalid_import', 'table_unknown', 'payload_too_large', 'unsupported_media_type')
  async load(
    @Param('table') table: string,
    @Query(queryPipe()) { mode }: ImportQuery,
    @Req() request: Request,
  ): Promise<ImportReport> {
    const { body, signal } = uploadedCsv(request);
    return this.imports.importTable(table, body, (mode ?? 'all') satisfies ImportMode, signal);
  }
}
