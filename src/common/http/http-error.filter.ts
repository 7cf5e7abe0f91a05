import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { asUnavailable } from '../connection-errors.js';
import { DomainError } from '../domain-error.js';
import { errorBody } from '../error-body.js';
import { SparseLog } from '../logging/sparse-log.js';
import { fromHttpException, statusOf } from './framework-errors.js';
import { sendSpoken, speakerOf } from './error-speaker.js';
import { JSON_TYPE } from './json-type.js';
import { routeOf } from './traffic.js';

const RETRY_AFTER_SECONDS = 1;

/** The last stop of every failed HTTP call: one body for all errors, and nothing in it that we did not write ourselves. */
@Catch()
export class HttpErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('HTTP');
  private readonly unserved = new SparseLog(this.logger);

  catch(thrown: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw thrown;
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const error = this.translate(thrown, request);
    sendError(http.getResponse<FastifyReply>(), error);
  }

  private translate(thrown: unknown, request: FastifyRequest): DomainError {
    const known = thrown instanceof HttpException ? fromHttpException(thrown) : asDomainError(thrown);
    if (known !== null && known.kind !== 'internal') {
      if (known.kind === 'unavailable') {
        this.unserved.warn('Requests could not be served', thrown);
        this.logger.debug(thrown, this.describe(request, 'could not be served'));
      }
      return known;
    }
    this.logger.error(thrown, this.describe(request, 'failed'));
    return new DomainError('internal', 'Something went wrong on our side', {
      status: 'internal',
      details: { request_id: request.id },
    });
  }

  private describe(request: FastifyRequest, outcome: string): string {
    return `${request.method} ${routeOf(request)} ${outcome} (request ${request.id})`;
  }
}

function asDomainError(thrown: unknown): DomainError | null {
  return thrown instanceof DomainError ? thrown : asUnavailable(thrown);
}

/** Answers with an error; used as it is where Nest is not involved. */
export function sendError(reply: FastifyReply, error: DomainError): void {
  if (reply.sent) return;
  const spoken = speakerOf(reply.request)?.(error, reply.request);
  if (spoken) return sendSpoken(reply, spoken);
  const status = statusOf(error);
  const retryAfter = error.details?.retry_after;
  if (typeof retryAfter === 'number') void reply.header('retry-after', String(Math.ceil(retryAfter)));
  else if (error.kind === 'unavailable') void reply.header('retry-after', String(RETRY_AFTER_SECONDS));
  if (status === 401) void reply.header('www-authenticate', 'Bearer');
  void reply.code(status).type(JSON_TYPE).send(errorBody(error));
}
