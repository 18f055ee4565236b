import { Body, Controller, HttpCode, Post, Req, Res, UseInterceptors } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { resolveRunOptions } from '@powerfill/core/domain/run-options-resolution';
import { SubmitRunService } from '@powerfill/core/runs/submit-run.service';
import { businessDate, currentTenant } from '@powerfill/tenancy';
import type { Request, Response } from 'express';
import { ApiProblems, ApiTenant } from '../http/api-docs';
import { AnswerBound } from '../http/answer-bound';
import { fingerprintOf } from '../http/canonical-json';
import { IDEMPOTENCY_HEADER, IdempotencyKey, Subject } from '../http/request-headers';
import { OptionsPipe } from '../http/validation';
import { RunOptionsDto } from './run-options.dto';
import { acceptedRun } from './run-views';
import { AcceptedRunDto } from './run.dto';

/** Seconds after which a caller who waits for a run should look again. */
export const POLL_AFTER_SECONDS = 2;

const EXAMPLES = {
  sample: { summary: "The sample's date, all else by default", value: { as_of_date: '2026-11-23' } },
  defaults: { summary: 'All defaults, as of today (the sample has open trades until 2027-02-18)', value: {} },
  quick: {
    summary: 'A quick look at closed loans',
    value: { as_of_date: '2026-11-23', scope: 'closed', effort: 'interactive' },
  },
  everything: {
    summary: 'Place all that can be placed',
    value: { as_of_date: '2026-11-23', reservation_price: 0, allocation_mode: 'global' },
  },
};

@ApiTags('Runs')
@ApiTenant()
@Controller('api/powerfill')
export class SubmitController {
  constructor(private readonly runs: SubmitRunService) {}

  @Post('run')
  @UseInterceptors(AnswerBound)
  @HttpCode(202)
  @ApiOperation({ summary: 'Submits a run', description: 'A tenant has at most one active run.' })
  @ApiHeader({
    name: IDEMPOTENCY_HEADER,
    required: false,
    description: 'The same key with the same body answers with the same run for 24 hours',
  })
  @ApiBody({ type: RunOptionsDto, required: false, examples: EXAMPLES })
  @ApiAcceptedResponse({
    type: AcceptedRunDto,
    headers: {
      Location: { schema: { type: 'string' }, description: 'The run' },
      'Retry-After': { schema: { type: 'integer' }, description: 'Seconds until a look is worth while' },
    },
  })
  @ApiProblems(
    'invalid_options',
    'invalid_request',
    'invalid_json',
    'active_run_exists',
    'payload_too_large',
    'unsupported_media_type',
    'idempotency_key_reused',
    'queue_saturated',
    'queue_unavailable',
  )
  async submit(
    @Body(new OptionsPipe()) options: RunOptionsDto,
    @IdempotencyKey() key: string | null,
    @Subject() requestedBy: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AcceptedRunDto> {
    const row = await this.runs.submit({
      options: resolveRunOptions(options, businessDate(currentTenant(), new Date())),
      requestedBy,
      ...(key === null ? {} : { idempotency: { key, fingerprint: fingerprintOf(request.body) } }),
    });
    response.setHeader('Location', `/api/powerfill/runs/${row.run_id}`);
    response.setHeader('Retry-After', String(POLL_AFTER_SECONDS));
    return acceptedRun(row);
  }
}
