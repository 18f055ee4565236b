import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import { IMPORTABLE_TABLES, ImportService, readErrorFile } from '@powerfill/core/imports';
import type { Request, Response } from 'express';
import { ApiProblems, ApiTenant } from '../http/api-docs';
import { Subject } from '../http/request-headers';
import { RunIdPipe } from '../http/run-id.pipe';
import { queryPipe } from '../http/validation';
import { ImportQuery, ImportReportDto } from './import.dto';
import { UPLOAD_TYPES, uploadedFile } from './uploaded-file';

const ERRORS = '/api/powerfill/imports/errors';

@ApiTags('Imports')
@ApiTenant()
@Controller('api/powerfill/imports')
export class ImportsController {
  constructor(private readonly imports: ImportService) {}

  @Get('errors/:import_id')
  @ApiOperation({
    summary: 'Downloads the rows a partial import left out',
    description: 'A CSV with the columns of the tape, the line and what is wrong; mend it and load it again.',
  })
  @ApiParam({ name: 'import_id', format: 'uuid' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  @ApiProblems('invalid_request', 'object_not_found')
  async errors(@Param('import_id', new RunIdPipe('import_id')) id: string, @Res() response: Response): Promise<void> {
    const { tableName, gzip } = await readErrorFile(id);
    response.setHeader('Content-Type', 'text/csv; charset=utf-8; header=present');
    response.setHeader('Content-Disposition', `attachment; filename="${tableName}-errors.csv"`);
    response.setHeader('Content-Encoding', 'gzip');
    response.end(gzip);
  }

  @Post(':table')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Loads a file into a table',
    description:
      'A delimited file (comma, semicolon, tab or bar; UTF-8 or UTF-16) or the first sheet of a workbook, with a ' +
      'header row, columns in any order, at most 100 MB. Numbers may look like $1,234.50 or 6.125%, dates like ' +
      '11/23/2026. A row with a known key replaces the stored one. One bad row and nothing is stored, unless ' +
      '`mode=partial`.',
  })
  @ApiParam({ name: 'table', enum: IMPORTABLE_TABLES.map(({ name }) => name) })
  @ApiConsumes(...UPLOAD_TYPES)
  @ApiBody({
    schema: { type: 'string' },
    examples: { stages: { summary: 'pscat_loan_stages', value: 'stage,seq\nIn Process,1\nApproved,3\n' } },
  })
  @ApiOkResponse({ type: ImportReportDto })
  @ApiProblems('invalid_request', 'invalid_import', 'table_unknown', 'object_not_found', 'payload_too_large')
  @ApiProblems('unsupported_media_type')
  async load(
    @Param('table') table: string,
    @Query(queryPipe()) { mode, dry_run: dryRun, profile }: ImportQuery,
    @Subject() by: string,
    @Req() request: Request,
  ): Promise<ImportReportDto> {
    const { content, body, signal } = uploadedFile(request);
    const report = await this.imports.importTable(table, body, {
      mode: mode ?? 'all',
      dryRun: dryRun === 'true',
      content,
      by,
      signal,
      ...(profile === undefined ? {} : { profile }),
    });
    const { error_file_id: id } = report;
    return { ...report, errors: [...report.errors], links: id === null ? {} : { error_file: `${ERRORS}/${id}` } };
  }
}
