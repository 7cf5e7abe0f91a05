import {
  Body,
  type CanActivate,
  Controller,
  createParamDecorator,
  type ExecutionContext,
  Get,
  HttpCode,
  Injectable,
  Module,
  type NestInterceptor,
  Param,
  Post,
  Query,
  Res,
  Scope,
  type Type,
  UseGuards,
} from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Observable, of } from 'rxjs';
import { z } from 'zod';
import { HttpClient } from '../../../test/support/http-client.js';
import { conflict, rateLimited } from '../domain-error.js';
import { currentRequest } from '../request-context.js';
import { Direct } from './direct-route.js';
import { directRoutes } from './direct-routes.js';
import { HttpErrorFilter } from './http-error.filter.js';
import { validateParameters } from './parameter-validation.js';
import { RoomcastAdapter } from './roomcast.adapter.js';

const Caller = createParamDecorator(
  (_data: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<FastifyRequest>().headers['x-caller'],
);
const bodySchema = z.strictObject({ text: z.string().max(5) });
const querySchema = z.strictObject({ times: z.coerce.number().default(1) });

@Injectable()
class FirstGuard implements CanActivate {
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

@Controller('words/:name')
class WordsController {
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

interface Started {
  app: NestFastifyApplication;
  http: HttpClient;
  /** How many routes go around Nest. */
  direct: number;
}

async function start(module: Type, { directly = true } = {}): Promise<Started> {
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
  return { app, http, direct: adapter.directRoutes.size };
}

const GUARDS = [
  { provide: APP_GUARD, useClass: FirstGuard },
  { provide: APP_GUARD, useClass: SecondGuard },
];

@Module({ controllers: [WordsController], providers: GUARDS })
class WordsModule {}

@Injectable()
class Shouting implements NestInterceptor {
  intercept(): Observable<unknown> {
    return of({ shouted: true });
  }
}

@Module({
  controllers: [WordsController],
  providers: [...GUARDS, { provide: APP_INTERCEPTOR, useClass: Shouting }],
})
class ShoutingModule {}

// Real: Nest, Fastify and HTTP. By Nest and directly, the same requests get the same answers.
describe.each([
  ['directly', true],
  ['by Nest', false],
])('a @Direct() route, carried out %s', (_how, directly) => {
  let app: NestFastifyApplication;
  let http: HttpClient;

  beforeAll(async () => {
    const started = await start(WordsModule, { directly });
    expect(started.direct).toBe(directly ? 5 : 0);
    ({ app, http } = started);
  });
  afterAll(() => app.close());

  const codeOf = (body: unknown): string => (body as { error: { code: string } }).error.code;

  it('takes parameters, query, body and decorators of our own, and runs in its request', async () => {
    const headers = { 'x-caller': 'Ann', 'x-request-id': 'request-7' };
    const { status, body } = await http.with(headers).post('/words/hello?times=2', { text: 'ho' });
    expect([status, body]).toEqual([
      201,
      { caller: 'Ann', name: 'hello', text: 'ho', times: 2, own: 'own', request: 'request-7' },
    ]);
  });

  it('has the status and the headers that the method asks for', async () => {
    const { status, body, headers } = await http.post('/words/hello/at-once', {});
    expect([status, body, headers.get('x-own')]).toEqual([202, { name: 'hello' }, 'yes']);
    expect((await http.post('/words/hello/status', {})).status).toBe(200);
  });

  it.each([
    ['with a text that is too long', { text: 'too long' }, 400, 'request.invalid'],
    ['with an unknown field', { text: 'ho', more: 1 }, 400, 'request.invalid'],
    ['that is no JSON', '{"text":', 400, 'request.malformed_json'],
    ['beyond the limit', { text: 'x'.repeat(2_000) }, 413, 'request.too_large'],
  ])('refuses a body %s', async (_what, sent, status, code) => {
    const refused = await http.post('/words/hello', sent);
    expect([refused.status, codeOf(refused.body)]).toEqual([status, code]);
  });

  it.each([
    ['x-first', 'throws', 429, 'guard.wait'],
    ['x-first', 'no', 403, 'auth.forbidden'],
    ['x-first', 'later no', 403, 'auth.forbidden'],
    ['x-second', 'no', 403, 'auth.forbidden'],
  ])('is closed by a guard: %s %s', async (name, value, status, code) => {
    const refused = await http.with({ [name]: value }).post('/words/hello', { text: 'ho' });
    expect([refused.status, codeOf(refused.body)]).toEqual([status, code]);
  });

  it('says what the method throws, and nothing of what it should not have thrown', async () => {
    const thrown = await http.post('/words/hello/throws', {});
    expect([thrown.status, codeOf(thrown.body)]).toEqual([409, 'words.taken']);
    const broken = await http.post('/words/hello/rejects', {});
    expect([broken.status, codeOf(broken.body)]).toEqual([500, 'internal']);
    expect(JSON.stringify(broken.body)).not.toContain('c4n4ry');
  });
});

it('a module that adds an interceptor is asked: then Nest carries all routes out', async () => {
  const { app, http, direct } = await start(ShoutingModule);
  expect(direct).toBe(0);
  expect((await http.post('/words/hello', { text: 'ho' })).body).toEqual({ shouted: true });
  await app.close();
});

it('a route that wants more of Nest than it gets does not start', async () => {
  @Controller()
  class GuardedController {
    @Post('guarded')
    @Direct()
    @UseGuards(FirstGuard)
    guarded(): object {
      return {};
    }
  }
  @Controller()
  class GetController {
    @Get('read')
    @Direct()
    read(): object {
      return {};
    }
  }
  @Controller({ scope: Scope.REQUEST })
  class ScopedController {
    @Post('scoped')
    @Direct()
    scoped(): object {
      return {};
    }
  }
  for (const [controller, why] of [
    [ScopedController, /for each request/],
    [GuardedController, /cannot have __guards__/],
    [GetController, /no @Post/],
  ] as const) {
    @Module({ controllers: [controller] })
    class BadModule {}
    await expect(start(BadModule)).rejects.toThrow(why);
  }
});
