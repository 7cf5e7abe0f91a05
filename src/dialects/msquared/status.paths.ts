import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, RouteOptions } from 'fastify';

const PATH = '/api/realtime/status';

/** Clients write the path with a slash at its end, too. */
@Injectable()
export class StatusPaths {
  constructor(host: HttpAdapterHost) {
    const fastify = host.httpAdapter?.getInstance<FastifyInstance | undefined>();
    fastify?.addHook?.('onRoute', (route: RouteOptions) => {
      if (route.url === PATH && route.method !== 'HEAD') fastify.route({ ...route, url: `${PATH}/` });
    });
  }
}
