import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

/** The largest body of a publish, in bytes as they arrive. */
export const PUBLISH_BODY_LIMIT = 65_536;

interface LimitedRoute {
  bodyLimit?: number;
  config?: { bodyLimit?: number };
}

/** A route that takes smaller bodies than the rest; Fastify counts the bytes, whatever the headers say. */
export const BodyLimit = (bytes: number): MethodDecorator => RouteConfig({ bodyLimit: bytes }) as MethodDecorator;

/** Nest hands a route's config to Fastify, but not its body limit: this carries it over while the routes are made. */
@Injectable()
export class BodyLimits {
  constructor(host: HttpAdapterHost) {
    const fastify = host.httpAdapter?.getInstance<FastifyInstance | undefined>();
    fastify?.addHook?.('onRoute', (route: LimitedRoute) => {
      route.bodyLimit ??= route.config?.bodyLimit;
    });
  }
}
