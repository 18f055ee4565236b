import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  candidatesReport,
  guideReport,
  kickoutDollarsByCode,
  kickoutsReport,
  switchingReport,
} from '@powerfill/core/reports';
import type { Response } from 'express';
import { ApiReportAnswer, ApiReports } from './report-docs';
import { ReportQueryOf, RunOfReport } from './report-parameters';
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
  @ApiReportAnswer(GuideDto)
  guide(@RunOfReport() id: string, @ReportQueryOf() query: PagedReportQuery, @Res() response: Response): Promise<void> {
    return this.answers.rows('guide', guideReport, { id, query, response });
  }

  @Get('kickouts')
  @ApiOperation({ summary: 'Why each loan without a trade has none' })
  @ApiReportAnswer(KickoutsDto)
  kickouts(
    @RunOfReport() id: string,
    @ReportQueryOf() query: PagedReportQuery,
    @Res() response: Response,
  ): Promise<void> {
    const extra = async (run: Parameters<typeof kickoutDollarsByCode>[0]) => ({
      dollars_by_code: await kickoutDollarsByCode(run),
    });
    return this.answers.rows('kickouts', kickoutsReport, { id, query, response }, { extra });
  }

  @Get('switching')
  @ApiOperation({ summary: 'Loans that change their trade: from, to, and what the switch gains' })
  @ApiReportAnswer(SwitchingDto)
  switching(
    @RunOfReport() id: string,
    @ReportQueryOf() query: PagedReportQuery,
    @Res() response: Response,
  ): Promise<void> {
    return this.answers.rows('switching', switchingReport, { id, query, response });
  }

  @Get('pool-candidates')
  @ApiOperation({ summary: "Each loan's best candidates, ranked, with every price term" })
  @ApiReportAnswer(CandidatesDto)
  candidates(
    @RunOfReport() id: string,
    @ReportQueryOf() query: PagedReportQuery,
    @Res() response: Response,
  ): Promise<void> {
    return this.answers.rows('pool-candidates', candidatesReport, { id, query, response });
  }
}
