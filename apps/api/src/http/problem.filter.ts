import { type ArgumentsHost, Catch, type ExceptionFilter, Logger, NotFoundException } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Request, Response } from 'express';
// Declares the request id on Node's requests.
import type {} from 'pino-http';
import { allowedMethods } from './allowed-methods';
import { PROBLEM_JSON, problemDocument, PROBLEMS, type Problem } from './problem';
import { problemOfError } from './problem-of-error';

/** Turns every error into a problem document (RFC 9457); what is not the caller's fault is logged and not told. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  constructor(private readonly host: HttpAdapterHost) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) {
      this.breakOff(error, request, response);
      return;
    }
    this.answer(this.problemOf(error, request, response), request, response);
  }

  private problemOf(error: unknown, request: Request, response: Response): Problem {
    if (error instanceof NotFoundException) {
      const allowed = allowedMethods(this.host, request.path);
      if (allowed.length > 0) {
        response.setHeader('Allow', allowed.join(', '));
        return {
          code: 'method_not_allowed',
          detail: `${request.method} is not possible here; ${allowed.join(', ')} is.`,
          extra: { allowed },
        };
      }
      return { code: 'route_unknown', detail: `There is no ${request.method} ${request.path}.` };
    }
    const problem = problemOfError(error);
    if (problem !== null) {
      if (PROBLEMS[problem.code].status >= 500)
        this.logger.warn({ err: error, code: problem.code, msg: problem.detail });
      return problem;
    }
    this.logger.error({ err: error, msg: `${request.method} ${request.path} failed` });
    return { code: 'internal_error', detail: 'The cause stands in the log of the service, under the request id.' };
  }

  private answer(problem: Problem, request: Request, response: Response): void {
    const { status } = PROBLEMS[problem.code];
    const instance = request.originalUrl.split('?')[0] ?? request.path;
    const document = {
      ...problemDocument(problem, instance),
      request_id: typeof request.id === 'string' ? request.id : null,
    };
    if (problem.retryAfter !== undefined) response.setHeader('Retry-After', String(problem.retryAfter));
    // What is left of a body that was refused is not read; the connection cannot be used again.
    if (!request.complete) response.setHeader('Connection', 'close');
    response.status(status).type(PROBLEM_JSON).send(JSON.stringify(document));
  }

  /** The answer has begun: the reader must see that it is not whole. */
  private breakOff(error: unknown, request: Request, response: Response): void {
    this.logger.error({ err: error, msg: `${request.method} ${request.path} broke off` });
    response.destroy();
  }
}
