import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ReconcilerHost } from '@powerfill/core/runs/reconciler-host';
import { RunWatches } from '@powerfill/core/runs/run-watches';
import type { Environment } from '@powerfill/platform';
import { CancelFlags } from '@powerfill/queue';
import { type TenantCatalogue, TenantDataSources } from '@powerfill/tenancy';
import { Logger } from 'nestjs-pino';
import { serveQueueDashboard } from '../admin/queue-dashboard';
import { ApiModule } from '../api.module';
import { Readiness } from '../health/readiness';
import { bodyFaults } from '../http/body-faults';
import { serveOpenApi } from './open-api';
import { securityHeaders } from './security-headers';

/** Largest JSON body; options of a run are small even with thousands of ids. */
const JSON_LIMIT = '1mb';
/** A request whose headers or body do not come within these is dropped. */
const HEADERS_MS = 10_000;
const REQUEST_MS = 300_000;
const FIRST_CONTACT_MS = 20;
/** Longest wait for connections to close, once nothing uses them any more. */
const CLOSE_MS = 2_000;

/** A running API. */
export interface RunningApi {
  readonly app: NestExpressApplication;
  /** Base address, without a slash at its end. */
  readonly url: string;
  readonly log: (message: string) => void;
  /** Stops listening, lets running requests end within `graceMs`, then closes everything, the databases last. */
  close(graceMs: number): Promise<void>;
}

/**
 * Builds the API and listens.
 * @throws when a part cannot be built or the address is taken; nothing is left open then
 */
export async function startApi(environment: Environment, catalogue: TenantCatalogue): Promise<RunningApi> {
  const app = await NestFactory.create<NestExpressApplication>(ApiModule.forEnvironment(environment, catalogue), {
    bufferLogs: true,
    bodyParser: false,
    abortOnError: false,
  });
  const logger = app.get(Logger);
  app.useLogger(logger);
  app.disable('x-powered-by');
  app.use(securityHeaders);
  app.useBodyParser('json', { limit: JSON_LIMIT, strict: false });
  app.use(bodyFaults);
  serveOpenApi(app);
  serveQueueDashboard(app, { isWritable: environment.BULL_BOARD_WRITABLE });
  const server = app.getHttpServer();
  server.headersTimeout = HEADERS_MS;
  server.requestTimeout = REQUEST_MS;
  const close = closing(app, server);
  try {
    await awaitRedis(app.get(CancelFlags), environment.QUEUE_ANSWER_MS);
    await app.listen(environment.PORT, environment.HOST);
  } catch (error) {
    await close(0);
    throw error;
  }
  app.get(ReconcilerHost).start();
  return {
    app,
    url: (await app.getUrl()).replace('[::1]', '127.0.0.1'),
    log: (text) => logger.log(text, 'Api'),
    close,
  };
}

/**
 * Gives Redis a moment, so that a fresh process does not refuse its first requests. Without Redis the API starts all
 * the same: runs can be read, and submissions are answered 503.
 */
async function awaitRedis(flags: CancelFlags, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    const isThere = await flags.ping().then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await delay(FIRST_CONTACT_MS);
  }
}

const closing =
  (app: NestExpressApplication, server: Server) =>
  async (graceMs: number): Promise<void> => {
    app.get(Readiness).stop();
    app.get(RunWatches).close();
    const idle = server.listening ? new Promise<void>((resolve) => server.close(() => resolve())) : Promise.resolve();
    server.closeIdleConnections();
    await Promise.race([idle, delay(graceMs, undefined, { ref: false })]);
    server.closeAllConnections();
    // Both may wait for a Redis that is away; what they hold ends with the process.
    const closed = app
      .get(ReconcilerHost)
      .stop()
      .then(() => app.close());
    await Promise.race([closed, delay(CLOSE_MS, undefined, { ref: false })]);
    await app.get(TenantDataSources).close(CLOSE_MS);
  };
