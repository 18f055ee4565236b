import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import {
  candidatesReport,
  guideReport,
  kickoutDollarsByCode,
  kickoutsReport,
  switchingReport,
} from '@powerfill/core/reports';
import type { Request, Response } from 'express';
import { ReportIdPipe } from '../http/run-id.pipe';
import { queryPipe } from '../http/validation';
import { ApiReports } from './report-docs';
import { ReportAnswers } from './report-answers';
import { CandidatesDto, GuideDto, KickoutsDto, SwitchingDto } from './report.dto';
import { PagedReportQuery } from './report.query';

/** Reports of a run with a row a loan; `{run_id}` may be `latest`. Every answer says how fresh it is. */
@ApiReports()
@Controller('api/powerfill/runs/:run_id')
export class LoanReportsController {
  constructor(private readonly answers: ReportAnswers) {}

  @Get('guide')
  @ApiOperation({ summary: 'Where each placed loan goes, and what every price term adds' })
  @ApiOkResponse({ type: GuideDto })
  guide(
    @Param('run_id', ReportIdPipe) id: string,
    @Query(queryPipe()) query: PagedReportQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    return this.answers.rows('guide', guideReport, { id, query, request, response });
  }

  @Get('kickouts')
  @ApiOperation({ summary: 'Why each loan without a trade has none' })
  @ApiOkResponse({ type: KickoutsDto })
  kickouts(
    @Param('run_id', ReportIdPipe) id: string,
    @Query(queryPipe()) query: PagedReportQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const extra = async (run: Parameters<typeof kickoutDollarsByCode>[0]) => ({
      dollars_by_code: await kickoutDollarsByCode(run),
    });
    return this.answers.rows('kickouts', kickoutsReport, { id, query, request, response }, { extra });
  }

  @Get('switching')
  @ApiOperation({ summary: 'Loans that change their trade: from, to, and what the switch gains' })
  @ApiOkResponse({ type: SwitchingDto })
  switching(
    @Param('run_id', ReportIdPipe) id: string,
    @Query(queryPipe()) query: PagedReportQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    return this.answers.rows('switching', switchingReport, { id, query, request, response });
  }

  @Get('pool-candidates')
  @ApiOperation({ summary: "Each loan's best candidates, ranked, with every price term" })
  @ApiOkResponse({ type: CandidatesDto })
  candidates(
    @Param('run_id', ReportIdPipe) id: string,
    @Query(queryPipe()) query: PagedReportQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    return this.answers.rows('pool-candidates', candidatesReport, { id, query, request, response });
  }
}
