import { Controller, Get, Header, Res, ServiceUnavailableException } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type HealthCheckResult, HealthCheckService } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/auth.decorators.js';
import { unavailable } from '../common/domain-error.js';
import { type ErrorBody, errorBody } from '../common/error-body.js';
import { Throws } from '../common/http/throws.js';
import type { JsonObject } from '../common/json.js';
import { Readiness } from './readiness.js';

const notReady = unavailable.define(
  'service.not_ready',
  'This node does not serve at the moment',
  (checks: JsonObject) => checks,
);

/** What a supervisor asks: is the process alive, and should it get traffic. */
@ApiTags('health')
@Public()
@Controller('health')
export class HealthController {
  constructor(
    private readonly checks: HealthCheckService,
    private readonly readiness: Readiness,
  ) {}

  @Get('live')
  @Header('cache-control', 'no-store')
  live(): { status: string } {
    return { status: 'ok' };
  }

  @Get('ready')
  @Throws(notReady)
  @Header('cache-control', 'no-store')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthCheckResult | ErrorBody> {
    try {
      return await this.checks.check([() => this.readiness.server(), () => this.readiness.database()]);
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      // An answer like any other, not a failure to be logged.
      void reply.code(503).header('retry-after', '1');
      const details = error.getResponse() as JsonObject;
      return errorBody(notReady(details));
    }
  }
}
