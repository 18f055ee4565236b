import { getQueueToken } from '@nestjs/bullmq';
import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { RunHealth } from '@powerfill/core/runs/run-health';
import { Metrics, withDeadline } from '@powerfill/platform';
import { RUN_QUEUE } from '@powerfill/queue';
import type { Queue } from 'bullmq';
import type { Response } from 'express';
import { Readiness } from './readiness';

const ANSWER_MS = 2_000;

/** Liveness, readiness and metrics of the API. */
@ApiTags('Service')
@Controller()
export class HealthController {
  constructor(
    private readonly health: RunHealth,
    private readonly readiness: Readiness,
    private readonly metrics: Metrics,
    @Inject(getQueueToken(RUN_QUEUE)) private readonly queue: Queue,
  ) {}

  @Get('health/live')
  @ApiOperation({ summary: 'The process answers' })
  @ApiOkResponse({ schema: { example: { status: 'ok' } } })
  live(): { status: string } {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @ApiOperation({
    summary: 'The process can do its work',
    description:
      'Asks Redis and a sample of the databases. How many workers consume is told but decides nothing: without one, runs wait.',
  })
  @ApiOkResponse({ schema: { example: { status: 'ok', checks: { redis: 'ok', database: 'ok' }, workers: 1 } } })
  @ApiServiceUnavailableResponse({ description: 'What is missing stands in `checks`' })
  async ready(@Res({ passthrough: true }) response: Response) {
    const [dependencies, workers] = await Promise.all([this.health.check(), this.workers()]);
    const checks = { ...dependencies, process: this.readiness.isStopping ? 'shutting down' : 'ok' };
    const isReady = Object.values(checks).every((state) => state === 'ok');
    response.status(isReady ? 200 : 503);
    return { status: isReady ? 'ok' : 'unavailable', checks, workers };
  }

  @Get('metrics')
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOperation({ summary: 'Prometheus metrics' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  async text(): Promise<string> {
    await this.health.measure();
    return this.metrics.registry.metrics();
  }

  /** Workers that consume, as Redis sees them; null when it does not answer. */
  private workers(): Promise<number | null> {
    return withDeadline('counting workers', ANSWER_MS, this.queue.getWorkersCount()).catch(() => null);
  }
}
