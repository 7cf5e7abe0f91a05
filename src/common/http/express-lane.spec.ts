import {
  Controller,
  Injectable,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  Post,
  type Type,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { start, type Started, WordsController, WordsModule } from '../../../test/support/words-app.js';

// Real: Nest, Fastify and HTTP. What the lane answers is held to what the long way answers in direct-route.spec.ts.
describe('the express lane', () => {
  const open = (module: Type): Promise<Started> => start(module, { lane: true });

  it.each([
    ['origin', 'http://elsewhere.example'],
    ['idempotency-key', 'once'],
    ['content-type', 'application/x-www-form-urlencoded'],
  ])('leaves requests with %s to Fastify', async (name, value) => {
    const { app, http, served } = await open(WordsModule);
    const before = served();
    await http.with({ [name]: value }).post('/words/hello', { text: 'ho' });
    expect(served()).toBe(before);
    await app.close();
  });

  it.each(['/words/h%65llo', '/words/hello/', '/words/hello?times=1', '/words//', '/words/' + 'x'.repeat(300)])(
    'leaves the address %s to Fastify',
    async (address) => {
      const { app, http, served } = await open(WordsModule);
      const before = served();
      await http.post(address, { text: 'ho' });
      expect(served()).toBe(before);
      await app.close();
    },
  );

  it('takes nothing that is meant for another route', async () => {
    @Controller('words')
    class OtherController {
      @Post('special')
      special(): object {
        return { special: true };
      }
    }
    @Module({ controllers: [OtherController, WordsController], providers: [] })
    class SpecialModule {}
    const { app, http, served } = await open(SpecialModule);
    const before = served();
    expect((await http.post('/words/special', { text: 'ho' })).body).toEqual({ special: true });
    expect((await http.post('/words/hello', { text: 'ho' })).status).toBe(201);
    expect(served()).toBe(before);
    await app.close();
  });

  it('stays closed where a hook or middleware wants to see every request', async () => {
    @Module({ controllers: [WordsController] })
    class WatchedModule implements NestModule {
      configure(consumer: MiddlewareConsumer): void {
        consumer.apply((_request: unknown, _response: unknown, next: () => void) => next()).forRoutes('*all');
      }
    }
    const watched = await open(WatchedModule);
    expect(watched.served()).toBe(0);
    await watched.app.close();
    @Injectable()
    class Hooks {
      constructor(host: HttpAdapterHost) {
        const fastify = host.httpAdapter.getInstance<FastifyInstance>();
        fastify.addHook('onRequest', function ofAFeature(_request, _reply, done) {
          done();
        });
      }
    }
    @Module({ controllers: [WordsController], providers: [Hooks] })
    class HookedModule {}
    const hooked = await open(HookedModule);
    await hooked.http.post('/words/hello', { text: 'ho' });
    expect(hooked.served()).toBe(0);
    await hooked.app.close();
  });
});
