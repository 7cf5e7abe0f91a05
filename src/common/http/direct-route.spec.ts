import { once } from 'node:events';
import { connect } from 'node:net';
import { Controller, Get, Injectable, Module, type NestInterceptor, Post, Scope, UseGuards } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Observable, of } from 'rxjs';
import type { HttpClient } from '../../../test/support/http-client.js';
import { FirstGuard, GUARDS, start, WordsController, WordsModule } from '../../../test/support/words-app.js';
import { Direct } from './direct-route.js';

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
  ['directly', { directly: true }],
  ['directly, in the express lane', { directly: true, lane: true }],
  ['by Nest', { directly: false }],
])('a @Direct() route, carried out %s', (_how, { directly, lane }: { directly: boolean; lane?: boolean }) => {
  let app: NestFastifyApplication;
  let http: HttpClient;
  let served: () => number;

  beforeAll(async () => {
    const started = await start(WordsModule, { directly, lane });
    expect(started.direct).toBe(directly ? 5 : 0);
    ({ app, http, served } = started);
  });
  afterAll(() => app.close());

  it(lane ? 'is served by the lane' : 'is not served by the lane', async () => {
    const before = served();
    const headers = { 'x-caller': 'Ann', 'x-request-id': 'request-8' };
    const { status, body, headers: sent } = await http.with(headers).post('/words/hello', { text: 'hö' });
    expect([status, body, sent.get('x-request-id')]).toEqual([
      201,
      { caller: 'Ann', name: 'hello', text: 'hö', times: 1, own: 'own', request: 'request-8' },
      'request-8',
    ]);
    expect(served() - before).toBe(lane ? 1 : 0);
  });

  it('a body that comes in pieces is put together, and one that never ends harms nobody', async () => {
    const { hostname, port } = new URL(await app.getUrl());
    const head = 'POST /words/hello HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
    const broken = connect(Number(port), hostname);
    broken.write(`${head}content-length: 100\r\n\r\n{"text":`);
    const socket = connect(Number(port), hostname);
    const text = Buffer.from('{"text":"hö"}');
    socket.write(`${head}content-length: ${text.length}\r\n\r\n`);
    for (const byte of text) {
      await new Promise((resolve) => socket.write(Buffer.of(byte), resolve));
    }
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 201 Created[^]*"text":"hö"/);
    broken.destroy();
    socket.destroy();
    expect((await http.post('/words/hello', { text: 'ho' })).status).toBe(201);
  });

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
