import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { resolveRunOptions } from '@powerfill/core/domain/run-options-resolution';
import {
  type PreflightReport,
  PreflightService,
  type PreprocessReport,
  PreprocessService,
} from '@powerfill/core/preflight';
import { type CandidatePreview, CandidatePreviewService } from '@powerfill/core/candidates/candidate-preview.service';
import { businessDate, currentTenant } from '@powerfill/tenancy';
import type { Request } from 'express';
import { ApiProblems, ApiTenant } from '../http/api-docs';
import { callerGone } from '../http/caller-gone';
import { Subject } from '../http/request-headers';
import { OptionsPipe } from '../http/validation';
import { RunOptionsDto } from '../runs/run-options.dto';
import { CandidatePreviewDto, PreflightDto, PreprocessDto } from './preflight.dto';

const optionsOf = (body: RunOptionsDto) => resolveRunOptions(body, businessDate(currentTenant(), new Date()));

/** Looks before a run. */
@ApiTags('Before a run')
@ApiTenant()
@ApiProblems('invalid_options', 'invalid_json', 'payload_too_large', 'unsupported_media_type')
@Controller('api/powerfill')
export class PreflightController {
  constructor(
    private readonly preflight: PreflightService,
    private readonly preprocess: PreprocessService,
    private readonly candidates: CandidatePreviewService,
  ) {}

  @Post('preflight')
  @HttpCode(200)
  @ApiBody({ type: RunOptionsDto, required: false })
  @ApiOperation({ summary: 'Can this tenant run now?', description: 'With the options a run would have.' })
  @ApiOkResponse({ type: PreflightDto })
  check(@Body(new OptionsPipe()) body: RunOptionsDto, @Req() request: Request): Promise<PreflightReport> {
    return this.preflight.check(optionsOf(body), callerGone(request));
  }

  @Post('preprocess')
  @HttpCode(200)
  @ApiBody({ type: RunOptionsDto, required: false })
  @ApiOperation({ summary: 'Rebuilds pricing parameters, room of the trades and upstream lockdown rows' })
  @ApiOkResponse({ type: PreprocessDto })
  prepare(
    @Body(new OptionsPipe()) body: RunOptionsDto,
    @Subject() by: string,
    @Req() request: Request,
  ): Promise<PreprocessReport> {
    return this.preprocess.run(optionsOf(body), by, callerGone(request));
  }

  @Post('candidates/preview')
  @HttpCode(200)
  @ApiBody({ type: RunOptionsDto, required: false })
  @ApiOperation({
    summary: 'The candidates a run would have, and why the other pairs are none; nothing is stored',
    description: 'Name the loans with `loan_ids`; without them the first 200 of the run are shown.',
  })
  @ApiOkResponse({ type: CandidatePreviewDto })
  @ApiProblems('preview_failed')
  previewCandidates(@Body(new OptionsPipe()) body: RunOptionsDto, @Req() request: Request): Promise<CandidatePreview> {
    return this.candidates.preview(optionsOf(body), callerGone(request));
  }
}
