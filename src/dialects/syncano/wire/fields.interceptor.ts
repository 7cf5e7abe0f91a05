import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { parameter, type Query } from './lists.js';

type Reply = Record<string, unknown>;

/** Trims what a GET answers to the keys that were asked for: `fields=a,b`, `excluded_fields=a,b`. */
@Injectable()
export class FieldsInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const only = names(request.query as Query, 'fields');
    const without = names(request.query as Query, 'excluded_fields');
    if (request.method !== 'GET' || (only === null && without === null)) return next.handle();
    const keeps = (key: string): boolean => (only?.has(key) ?? true) && !without?.has(key);
    const trim = (one: Reply): Reply => Object.fromEntries(Object.entries(one).filter(([key]) => keeps(key)));
    return next.handle().pipe(map((reply) => trimmed(reply, trim)));
  }
}

function trimmed(reply: unknown, trim: (one: Reply) => Reply): unknown {
  if (typeof reply !== 'object' || reply === null) return reply;
  const { objects } = reply as { objects?: unknown };
  const isList = Array.isArray(objects) && 'next' in reply;
  return isList ? { ...reply, objects: (objects as Reply[]).map(trim) } : trim(reply as Reply);
}

function names(query: Query, name: string): Set<string> | null {
  const text = parameter(query, name);
  return text === undefined ? null : new Set(text.split(',').map((one) => one.trim()));
}
