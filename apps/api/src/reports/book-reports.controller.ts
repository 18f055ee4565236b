import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  cashSlottingReport,
  existingDispositionReport,
  deliveryBasis,
  poolingGuideReport,
  RECAP_COLUMNS,
  recapRows,
  recapReport,
  SUMMARY_COLUMNS,
  summaryFigures,
  summaryReport,
} from '@powerfill/core/reports';
import type { Response } from 'express';
import { ApiReportAnswer, ApiReports } from './report-docs';
import { ReportQueryOf, RunOfReport } from './report-parameters';
import { ReportAnswers, rowsOf } from './report-answers';
import { CashSlottingDto, DispositionDto, PoolingGuideDto, RecapDto, SummaryDto } from './report.dto';
import { PagedReportQuery, ReportQuery, RowsQuery } from './report.query';

/** Reports of a run with a row a trade or pool, and its summary. */
@ApiReports()
@Controller('api/powerfill/runs/:run_id')
export class BookReportsController {
  constructor(private readonly answers: ReportAnswers) {}

  @Get('recap')
  @ApiOperation({ summary: 'How full each trade is, with totals by product, coupon and month' })
  @ApiReportAnswer(RecapDto)
  recap(@RunOfReport() id: string, @ReportQueryOf() query: RowsQuery, @Res() response: Response): Promise<void> {
    const selection = rowsOf(RECAP_COLUMNS, query);
    const call = { id, query, response };
    return this.answers.answer(call, {
      name: 'recap',
      columns: RECAP_COLUMNS,
      rows: async (run) => [await recapRows(run, selection)],
      json: (run) => recapReport(run, selection),
    });
  }

  @Get('existing-disposition')
  @ApiOperation({ summary: 'What happens to each existing pool' })
  @ApiReportAnswer(DispositionDto)
  disposition(
    @RunOfReport() id: string,
    @ReportQueryOf() query: PagedReportQuery,
    @Res() response: Response,
  ): Promise<void> {
    const call = { id, query, response };
    return this.answers.rows('existing-disposition', existingDispositionReport, call);
  }

  @Get('pooling-guide')
  @ApiOperation({
    summary: 'The pools after the run: members, averages, good delivery',
    description:
      'Good delivery is checked against the parameters in `pfill_good_delivery` in force on the settlement date, as ' +
      'they stand when the report is read.',
  })
  @ApiReportAnswer(PoolingGuideDto)
  poolingGuide(
    @RunOfReport() id: string,
    @ReportQueryOf() query: PagedReportQuery,
    @Res() response: Response,
  ): Promise<void> {
    const call = { id, query, response };
    return this.answers.rows('pooling-guide', poolingGuideReport, call, { basis: deliveryBasis });
  }

  @Get('cash-trade-slotting')
  @ApiOperation({ summary: 'Cash trades by note-rate slot: price, room, loans placed' })
  @ApiReportAnswer(CashSlottingDto)
  cashSlotting(
    @RunOfReport() id: string,
    @ReportQueryOf() query: PagedReportQuery,
    @Res() response: Response,
  ): Promise<void> {
    return this.answers.rows('cash-trade-slotting', cashSlottingReport, { id, query, response });
  }

  @Get('summary')
  @ApiOperation({ summary: 'The run on one page: certificate, dollars, position, coverage, suggested trades' })
  @ApiReportAnswer(SummaryDto)
  summary(@RunOfReport() id: string, @ReportQueryOf() query: ReportQuery, @Res() response: Response): Promise<void> {
    const call = { id, query, response };
    return this.answers.answer(call, {
      name: 'summary',
      columns: SUMMARY_COLUMNS,
      rows: async (run) => [summaryFigures(await summaryReport(run))],
      json: summaryReport,
    });
  }
}
