import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiOkResponse, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Public } from '../../auth/auth.decorators.js';
import { Readiness } from '../../health/readiness.js';
import { VERSION } from '../../version.js';

const statusSchema = z
  .strictObject({
    status: z.enum(['ok', 'unavailable']),
    service: z.literal('realtime'),
    version: z.string(),
    uptimeSeconds: z.int(),
  })
  .meta({ id: 'RealtimeStatus' });

/** Whether the door is open, for clients that look before they connect. */
@ApiTags('health')
@Public()
@Controller('api/realtime/status')
export class StatusController {
  constructor(private readonly readiness: Readiness) {}

  @Get()
  @Header('cache-control', 'no-store')
  @ApiOkResponse({ standardSchema: statusSchema })
  @ApiServiceUnavailableResponse({ standardSchema: statusSchema })
  async status(@Res({ passthrough: true }) reply: FastifyReply): Promise<z.infer<typeof statusSchema>> {
    const ready = await this.readiness.ready();
    if (!ready) void reply.code(503).header('retry-after', '1');
    const uptimeSeconds = Math.floor(process.uptime());
    return { status: ready ? 'ok' : 'unavailable', service: 'realtime', version: VERSION, uptimeSeconds };
  }
}
