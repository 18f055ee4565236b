import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import {
  guideReport,
  kickoutDollarsByCode,
  kickoutsReport,
  RECAP_COLUMNS,
  recapLines,
  recapReport,
  type ReportRun,
  ReportRunService,
  SUMMARY_COLUMNS,
  summaryFigures,
  summaryReport,
} from '@powerfill/core/reports';
import type { Request, Response } from 'express';
import { reportFormat } from '../http/accept';
import { ApiProblems, ApiTenant } from '../http/api-docs';
import { decodeCursor, encodeCursor } from '../http/cursor';
import { ReportIdPipe } from '../http/run-id.pipe';
import { queryPipe } from '../http/validation';
import { answerCsv, type CsvReport } from './csv-answer';
import { GuideDto, KickoutsDto, RecapDto, SummaryDto } from './report.dto';
import { PagedReportQuery, ReportQuery } from './report.query';

const DEFAULT_LIMIT = 200;

type CsvContent<R> = Omit<CsvReport<R>, 'confirm'>;

/** Reports of a run; `{run_id}` may be `latest`. Every answer says how fresh it is. */
@ApiTags('Reports')
@ApiTenant()
@ApiParam({ name: 'run_id', description: 'A run id, or `latest` for the newest Complete run', example: 'latest' })
@ApiProduces('application/json', 'text/csv')
@ApiProblems(
  'invalid_request',
  'run_not_found',
  'no_complete_run',
  'not_acceptable',
  'run_in_progress',
  'outputs_purged',
)
@Controller('api/powerfill/runs/:run_id')
export class ReportsController {
  constructor(private readonly runs: ReportRunService) {}

  @Get('guide')
  @ApiOperation({ summary: 'Where each placed loan goes, and what every price term adds' })
  @ApiOkResponse({ type: GuideDto })
  @ApiProblems('invalid_cursor')
  guide(
    @Param('run_id', ReportIdPipe) id: string,
    @Query(queryPipe()) query: PagedReportQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    return this.answer(id, query, request, response, {
      csv: (run) => ({ name: 'guide', columns: guideReport.columns, chunks: guideReport.chunks(run) }),
      json: (run) => this.paged('guide', run, query, (limit, after) => guideReport.page(run, limit, after)),
    });
  }

  @Get('kickouts')
  @ApiOperation({ summary: 'Why each loan without a trade has none' })
  @ApiOkResponse({ type: KickoutsDto })
  @ApiProblems('invalid_cursor')
  kickouts(
    @Param('run_id', ReportIdPipe) id: string,
    @Query(queryPipe()) query: PagedReportQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    return this.answer(id, query, request, response, {
      csv: (run) => ({ name: 'kickouts', columns: kickoutsReport.columns, chunks: kickoutsReport.chunks(run) }),
      json: async (run) => ({
        dollars_by_code: await kickoutDollarsByCode(run),
        ...(await this.paged('kickouts', run, query, (limit, after) => kickoutsReport.page(run, limit, after))),
      }),
    });
  }

  @Get('recap')
  @ApiOperation({ summary: 'How full each trade is, with totals by product, coupon and month' })
  @ApiOkResponse({ type: RecapDto })
  recap(
    @Param('run_id', ReportIdPipe) id: string,
    @Query(queryPipe()) query: ReportQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    return this.answer(id, query, request, response, {
      csv: async (run) => ({ name: 'recap', columns: RECAP_COLUMNS, chunks: [await recapLines(run)] }),
      json: recapReport,
    });
  }

  @Get('summary')
  @ApiOperation({ summary: 'The run on one page: certificate, dollars, position, coverage, suggested trades' })
  @ApiOkResponse({ type: SummaryDto })
  summary(
    @Param('run_id', ReportIdPipe) id: string,
    @Query(queryPipe()) query: ReportQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    return this.answer(id, query, request, response, {
      csv: async (run) => ({
        name: 'summary',
        columns: SUMMARY_COLUMNS,
        chunks: [summaryFigures(await summaryReport(run))],
      }),
      json: summaryReport,
    });
  }

  private async answer<R>(
    id: string,
    query: ReportQuery,
    request: Request,
    response: Response,
    forms: {
      csv: (run: ReportRun) => CsvContent<R> | Promise<CsvContent<R>>;
      json: (run: ReportRun) => Promise<object>;
    },
  ): Promise<void> {
    const format = reportFormat(request, query.format);
    const run = await this.runs.resolve(id);
    if (format === 'csv') {
      const content = await forms.csv(run);
      await answerCsv(response, run, { ...content, confirm: () => this.runs.stillReadable(run) });
      return;
    }
    response.vary('Accept').json({ freshness: run.freshness, ...(await forms.json(run)) });
  }

  /** A page whose cursor fits only this report of this run. */
  private async paged<T>(
    name: string,
    { row }: ReportRun,
    query: PagedReportQuery,
    read: (limit: number, after?: string) => Promise<{ items: T[]; next: string | null }>,
  ): Promise<{ items: T[]; next_cursor: string | null }> {
    const list = `${name}:${row.run_id}`;
    const [after] = query.cursor === undefined ? [] : decodeCursor(list, query.cursor, 1);
    const { items, next } = await read(query.limit ?? DEFAULT_LIMIT, after);
    return { items, next_cursor: next === null ? null : encodeCursor(list, [next]) };
  }
}
