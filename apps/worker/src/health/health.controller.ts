import { Controller, Get, Header, HttpCode, Inject, Res } from '@nestjs/common';
import { RunHealth } from '@powerfill/core/runs/run-health';
import { Metrics } from '@powerfill/platform';
import { type Response } from 'express';
import { RunConsumer } from '../runs/run-consumer';

/** Liveness, readiness and metrics of a worker. */
@Controller()
export class HealthController {
  constructor(
    @Inject(RunHealth) private readonly health: RunHealth,
    @Inject(RunConsumer) private readonly consumer: RunConsumer,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  /** The process answers: its event loop turns. */
  @Get('health/live')
  @HttpCode(200)
  live(): { status: string } {
    return { status: 'ok' };
  }

  /** 200 when this worker can execute runs, else 503 with what is missing. */
  @Get('health/ready')
  async ready(@Res({ passthrough: true }) response: Response) {
    const dependencies = await this.health.check();
    // A consumer whose Redis is away is at its post, but takes no job.
    const consuming = dependencies.redis === 'ok' ? 'ok' : 'waits for Redis';
    const checks = { ...dependencies, consuming: this.consumer.isConsuming ? consuming : 'not consuming' };
    const ready = Object.values(checks).every((state) => state === 'ok');
    response.status(ready ? 200 : 503);
    return { status: ready ? 'ok' : 'unavailable', checks };
  }

  @Get('metrics')
  @Header('Content-Type', 'text/plain; version=0.0.4')
  async text(): Promise<string> {
    await this.health.measure();
    return this.metrics.registry.metrics();
  }
}
