import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import { RunHistoryService } from '@powerfill/core/runs/run-history.service';
import { currentResponse } from '@powerfill/core/runs/run-response';
import { RunWatches } from '@powerfill/core/runs/run-watches';
import { currentTenant } from '@powerfill/tenancy';
import type { Response } from 'express';
import { ApiProblems, ApiTenant } from '../http/api-docs';
import { leaveScope } from '../http/request-work';
import { RunIdPipe } from '../http/run-id.pipe';
import { END_ID, EventStream } from './event-stream';

const EXAMPLE = [
  'event: state\ndata: {"run_id": "…", "status": "Allocating", …}\n',
  'event: step\ndata: {"name": "candidate_builder", "status": "done", "rows": 20021, "ms": 1120, "note": "…"}\n',
  'event: progress\ndata: {"step": "allocation", "fraction": 0.583}\n',
  'id: end\nevent: end\ndata: {"run_id": "…", "status": "Complete", …}\n',
].join('\n');

@ApiTags('Runs')
@ApiTenant()
@Controller('api/powerfill/runs')
export class RunEventsController {
  constructor(
    private readonly history: RunHistoryService,
    private readonly watches: RunWatches,
  ) {}

  @Get(':run_id/events')
  @ApiOperation({
    summary: 'Follows a run',
    description:
      'Server-sent events: `state` (the run response; first, also after a reconnect, and with every new status), `step`, `progress`, and `end`, after which the stream closes.',
  })
  @ApiParam({ name: 'run_id', format: 'uuid' })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string', example: EXAMPLE } })
  @ApiNoContentResponse({ description: 'The caller has had the end (`Last-Event-ID: end`)' })
  @ApiProblems('invalid_request', 'run_not_found', 'streams_saturated')
  async follow(
    @Param('run_id', RunIdPipe) runId: string,
    @Headers('last-event-id') lastId: string | undefined,
    @Res() response: Response,
  ): Promise<void> {
    const run = currentResponse(await this.history.get(runId));
    if (lastId === END_ID) return void response.status(204).end();
    const tenant = currentTenant();
    let stream: EventStream | undefined;
    // Begun only when the watch admits it: a refusal is a problem document.
    const open = (): EventStream => (stream ??= new EventStream(response));
    const leave = this.watches.watch(tenant, run, {
      tell: (event) => open().tell(event),
      close: () => open().close(),
    });
    response.once('close', leave);
    // A stream may last for an hour; it must not keep the tenant's database open.
    leaveScope(response);
  }
}
