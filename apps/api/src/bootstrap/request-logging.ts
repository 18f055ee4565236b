import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createLogger, logContext, type Environment } from '@powerfill/platform';
import type { Params } from 'nestjs-pino';

/** Requests nobody wants to read about every few seconds. */
const QUIET = /^\/(?:health|metrics|admin\/queues)/;

type Answer = ServerResponse & { locals?: Record<string, unknown> };

/** One line per request with id, tenant and outcome; neither headers nor bodies, they may hold a borrower's data. */
export const requestLogging = (environment: Environment): Params => ({
  pinoHttp: {
    logger: createLogger({ app: 'api', level: environment.LOG_LEVEL }),
    genReqId: () => randomUUID(),
    quietReqLogger: true,
    customAttributeKeys: { reqId: 'request_id' },
    autoLogging: { ignore: (request) => QUIET.test(request.url ?? '') },
    customLogLevel: (_request: IncomingMessage, response: ServerResponse, error?: Error) =>
      error !== undefined || response.statusCode >= 500 ? 'warn' : 'info',
    customProps: (_request: IncomingMessage, response: Answer) => {
      // Within the request's context the logger adds the id itself; a connection that breaks off ends outside of it.
      if (logContext().tenant_id !== undefined) return {};
      const tenantId = response.locals?.['tenantId'];
      return typeof tenantId === 'string' ? { tenant_id: tenantId } : {};
    },
    serializers: {
      req: (request: { method: string; url: string }) => ({ method: request.method, path: request.url.split('?')[0] }),
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
    },
  },
});
