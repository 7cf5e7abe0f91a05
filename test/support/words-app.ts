import {
  Body,
  type CanActivate,
  Controller,
  createParamDecorator,
  type ExecutionContext,
  HttpCode,
  Injectable,
  Module,
  Param,
  Post,
  Query,
  Res,
  type Type,
} from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { conflict, rateLimited } from '../../src/common/domain-error.js';
import { Direct } from '../../src/common/http/direct-route.js';
import { directRoutes } from '../../src/common/http/direct-routes.js';
import { HttpErrorFilter } from '../../src/common/http/http-error.filter.js';
import { validateParameters } from '../../src/common/http/parameter-validation.js';
import { RoomcastAdapter } from '../../src/common/http/roomcast.adapter.js';
import { currentRequest } from '../../src/common/request-context.js';
import { HttpClient } from './http-client.js';

const Caller = createParamDecorator(
  (_data: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<FastifyRequest>().headers['x-caller'],
);
const bodySchema = z.strictObject({ text: z.string().max(5) });
const querySchema = z.strictObject({ times: z.coerce.number().default(1) });

@Injectable()
export class FirstGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    if (headers['x-first'] === 'throws') throw rateLimited('guard.wait', 'Wait', { retry_after: 3 });
    if (headers['x-first'] === 'no') return false;
    return headers['x-first'] === 'later no' ? Promise.resolve(false) : true;
  }
}

@Injectable()
class SecondGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve));
    if (context.getClass() !== WordsController || context.getHandler().name === '') throw new Error('no such route');
    return context.switchToHttp().getRequest<FastifyRequest>().headers['x-second'] !== 'no';
  }
}

/** Direct routes of all kinds. */
@Controller('words/:name')
export class WordsController {
  private readonly own = 'own';

  @Post()
  @Direct()
  async say(
    @Caller() caller: string,
    @Param('name') name: string,
    @Body({ schema: bodySchema }) { text }: z.infer<typeof bodySchema>,
    @Query({ schema: querySchema }) { times }: z.infer<typeof querySchema>,
  ): Promise<object> {
    await new Promise((resolve) => setImmediate(resolve));
    return { caller, name, text, times, own: this.own, request: currentRequest()?.requestId };
  }

  @Post('at-once')
  @Direct()
  @HttpCode(202)
  atOnce(@Param() params: object, @Res({ passthrough: true }) reply: FastifyReply): object {
    void reply.header('x-own', 'yes');
    return params;
  }

  @Post('status')
  @Direct()
  status(@Res({ passthrough: true }) reply: FastifyReply): object {
    void reply.status(200);
    return {};
  }

  @Post('throws')
  @Direct()
  throws(): never {
    throw conflict('words.taken', 'Taken');
  }

  @Post('rejects')
  @Direct()
  async rejects(): Promise<never> {
    throw await Promise.resolve(new Error('c4n4ry'));
  }
}

/** A server of Nest and Fastify with nothing but these. */
export interface Started {
  app: NestFastifyApplication;
  http: HttpClient;
  /** How many routes go around Nest. */
  direct: number;
  /** How many requests the lane has served. */
  served: () => number;
}

export async function start(module: Type, { directly = true, lane = false } = {}): Promise<Started> {
  const adapter = new RoomcastAdapter({ maxBodyBytes: 1_000, trustProxy: false });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: false, abortOnError: false });
  validateParameters(app);
  const errors = new HttpErrorFilter();
  app.useGlobalFilters(errors);
  try {
    if (directly) adapter.directRoutes = directRoutes(app, errors);
    await app.listen(0, '127.0.0.1');
  } catch (error) {
    await app.close();
    throw error;
  }
  const http = new HttpClient((await app.getUrl()).replace('[::1]', '127.0.0.1'));
  if (lane) {
    adapter.lane.open(app.getHttpServer());
    // It learns each route from one request.
    for (const path of ['', '/at-once', '/status', '/throws', '/rejects'])
      await http.post(`/words/first${path}`, { text: '' });
  }
  return { app, http, direct: adapter.directRoutes.size, served: () => adapter.lane.served };
}

export const GUARDS = [
  { provide: APP_GUARD, useClass: FirstGuard },
  { provide: APP_GUARD, useClass: SecondGuard },
];

@Module({ controllers: [WordsController], providers: GUARDS })
export class WordsModule {}
