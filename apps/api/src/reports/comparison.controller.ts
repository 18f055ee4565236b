import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOperation, ApiParam } from '@nestjs/swagger';
import {
  comparableRows,
  comparisonTotals,
  loanComparison,
  type ReportRun,
  ReportRunService,
  tradeComparison,
} from '@powerfill/core/reports';
import type { Response } from 'express';
import { ApiProblems } from '../http/api-docs';
import { RunIdPipe } from '../http/run-id.pipe';
import { ReportAnswers } from './report-answers';
import { ApiReportAnswer, ApiReports } from './report-docs';
import { ReportQueryOf, RunOfReport } from './report-parameters';
import { ComparisonDto } from './report.dto';
import { PagedReportQuery } from './report.query';

/** What changed between two runs. */
@ApiReports()
@Controller('api/powerfill/runs/:run_id')
export class ComparisonController {
  constructor(
    private readonly runs: ReportRunService,
    private readonly answers: ReportAnswers,
  ) {}

  @Get('compare/:other_id')
  @ApiOperation({
    summary: 'What changed from another complete run to this one, per loan and per trade, and what it was worth',
    description: 'As a file: the loans. The worth of the loans less the pair-off is the change of the objective.',
  })
  @ApiParam({ name: 'other_id', format: 'uuid', description: 'The run that changes are counted from' })
  @ApiReportAnswer(ComparisonDto)
  @ApiProblems('run_not_comparable')
  async compare(
    @RunOfReport() id: string,
    @Param('other_id', new RunIdPipe('other_id')) otherId: string,
    @ReportQueryOf() query: PagedReportQuery,
    @Res() response: Response,
  ): Promise<void> {
    const before = comparableRows(await this.runs.resolve(otherId));
    comparableRows(await this.runs.resolve(id));
    const call = { id, query, response };
    const extra = async (run: ReportRun) => {
      const after = comparableRows(run);
      const trades = await tradeComparison(before, after);
      return { before_run_id: otherId, totals: await comparisonTotals(before, after, trades), trades };
    };
    await this.answers.rows(`compare-${otherId}`, loanComparison(before), call, { extra });
  }
}
