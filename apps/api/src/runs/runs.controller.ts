import { Controller, Get, HttpCode, Param, Post, Query, Res, UseInterceptors } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import { unknownCursor } from '@powerfill/core/domain/errors';
import type { RunResponse } from '@powerfill/core/domain/run-response';
import { isActive } from '@powerfill/core/domain/run-status';
import { ProblemFileService } from '@powerfill/core/reports';
import { type Acceptance, AcceptRunService } from '@powerfill/core/runs/accept-run.service';
import { CancelRunService } from '@powerfill/core/runs/cancel-run.service';
import { RunHistoryService, type RunListQuery, type RunPosition } from '@powerfill/core/runs/run-history.service';
import { currentResponse } from '@powerfill/core/runs/run-response';
import type { Response } from 'express';
import { AnswerBound } from '../http/answer-bound';
import { ApiProblems, ApiTenant } from '../http/api-docs';
import { decodeCursor, encodeCursor } from '../http/cursor';
import { Subject } from '../http/request-headers';
import { isUuid, RunIdPipe } from '../http/run-id.pipe';
import { queryPipe } from '../http/validation';
import { ListRunsQuery } from './list-runs.query';
import { acceptedRun, listedRun } from './run-views';
import { AcceptanceDto, AcceptedRunDto, RunDto, RunListDto } from './run.dto';
import { POLL_AFTER_SECONDS } from './submit.controller';

/** Names the list in its cursors. */
const LIST = 'runs';
const DEFAULT_LIMIT = 50;

function positionOf(cursor: string): RunPosition {
  const [startedAt = '', runId = ''] = decodeCursor(LIST, cursor, 2);
  const position = { startedAt: new Date(startedAt), runId };
  if (Number.isNaN(position.startedAt.getTime()) || !isUuid(runId)) {
    throw unknownCursor();
  }
  return position;
}

function listQuery({ limit, cursor, status, from, to }: ListRunsQuery): RunListQuery {
  return {
    limit: limit ?? DEFAULT_LIMIT,
    ...(status === undefined ? {} : { status }),
    ...(from === undefined ? {} : { from: new Date(from) }),
    ...(to === undefined ? {} : { to: new Date(to) }),
    ...(cursor === undefined ? {} : { after: positionOf(cursor) }),
  };
}

@ApiTags('Runs')
@ApiTenant()
@Controller('api/powerfill/runs')
export class RunsController {
  constructor(
    private readonly history: RunHistoryService,
    private readonly canceller: CancelRunService,
    private readonly problems: ProblemFileService,
    private readonly acceptance: AcceptRunService,
  ) {}

  @Get()
  @UseInterceptors(AnswerBound)
  @ApiOperation({ summary: 'Lists runs, newest first' })
  @ApiOkResponse({ type: RunListDto })
  @ApiProblems('invalid_request', 'invalid_cursor')
  async list(@Query(queryPipe()) query: ListRunsQuery): Promise<RunListDto> {
    const wanted = listQuery(query);
    const rows = await this.history.list(wanted);
    const page = rows.slice(0, wanted.limit);
    const last = page.at(-1);
    const isMore = rows.length > wanted.limit && last !== undefined;
    return {
      items: page.map(listedRun),
      next_cursor: isMore ? encodeCursor(LIST, [last.started_at.toISOString(), last.run_id]) : null,
    };
  }

  @Get(':run_id')
  @UseInterceptors(AnswerBound)
  @ApiOperation({ summary: 'Reads a run', description: 'Live while it is active; what was stored once it has ended.' })
  @ApiParam({ name: 'run_id', format: 'uuid' })
  @ApiOkResponse({ type: RunDto })
  @ApiProblems('invalid_request', 'run_not_found')
  async read(
    @Param('run_id', RunIdPipe) runId: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RunResponse> {
    const run = currentResponse(await this.history.get(runId));
    if (isActive(run.status)) response.setHeader('Retry-After', String(POLL_AFTER_SECONDS));
    return run;
  }

  @Post(':run_id/cancel')
  @UseInterceptors(AnswerBound)
  @HttpCode(202)
  @ApiOperation({
    summary: 'Cancels a run',
    description: 'May be repeated. A run whose cancel was answered 202 never ends Complete.',
  })
  @ApiParam({ name: 'run_id', format: 'uuid' })
  @ApiAcceptedResponse({ type: AcceptedRunDto })
  @ApiProblems('invalid_request', 'run_not_found', 'run_already_ended')
  async cancel(
    @Param('run_id', RunIdPipe) runId: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AcceptedRunDto> {
    const row = await this.canceller.cancel(runId);
    response.setHeader('Location', `/api/powerfill/runs/${row.run_id}`);
    return acceptedRun(row);
  }

  @Post(':run_id/accept')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Accepts the newest complete run',
    description: 'Says who took it and keeps its outputs from retention; changes nothing upstream. May be repeated.',
  })
  @ApiParam({ name: 'run_id', format: 'uuid' })
  @ApiOkResponse({ type: AcceptanceDto })
  @ApiProblems('invalid_request', 'run_not_found', 'run_not_acceptable', 'outputs_purged')
  accept(@Param('run_id', RunIdPipe) runId: string, @Subject() by: string): Promise<Acceptance> {
    return this.acceptance.accept(runId, by);
  }

  @Get(':run_id/problem')
  @ApiOperation({
    summary: 'Downloads the problem the run solved',
    description: 'A gzipped file as `npm run solve` reads it: replay the run, or hold it against another solver.',
  })
  @ApiParam({ name: 'run_id', format: 'uuid' })
  @ApiProduces('application/gzip')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  @ApiProblems('invalid_request', 'run_not_found', 'problem_not_stored', 'run_in_progress', 'outputs_purged')
  async problem(@Param('run_id', RunIdPipe) runId: string, @Res() response: Response): Promise<void> {
    const gzip = await this.problems.read(runId);
    // The file itself is gzip: no Content-Encoding, or clients would unpack it behind the name's back.
    response.setHeader('Content-Disposition', `attachment; filename="problem-${runId}.json.gz"`);
    response.setHeader('Content-Type', 'application/gzip');
    response.end(gzip);
  }
}
