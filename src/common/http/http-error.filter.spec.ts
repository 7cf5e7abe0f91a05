import { Body, Controller, ForbiddenException, Get, Module, Post, Query } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { HttpClient } from '../../../test/support/http-client.js';
import { conflict, DomainError, rateLimited } from '../domain-error.js';
import { currentRequest } from '../request-context.js';
import { HttpErrorFilter } from './http-error.filter.js';
import { RoomcastAdapter } from './roomcast.adapter.js';
import { validateParameters } from './parameter-validation.js';

const CANARY = 'c4n4ry';
const thingSchema = z.strictObject({
  name: z.string().max(3),
  kind: z.enum(['a', 'b']),
  nested: z.object({ n: z.int() }),
});

@Controller()
class ThingsController {
  @Post('things')
  create(@Body({ schema: thingSchema }) body: z.infer<typeof thingSchema>): object {
    return body;
  }

  @Get('search')
  search(@Query({ schema: z.strictObject({ limit: z.coerce.number().int() }) }) query: { limit: number }): object {
    return query;
  }

  @Get('throws/:what')
  throws(@Query('unused') _unused: string): never {
    throw new Error(`${CANARY} password=hunter2`);
  }

  @Get('conflict')
  conflict(): never {
    throw conflict('thing.exists', 'There is such a thing', { field: 'name' });
  }

  @Get('limited')
  limited(): never {
    throw rateLimited('thing.too_often', 'Slower', { retry_after: 7 });
  }

  @Get('away')
  away(): never {
    throw Object.assign(new Error(`connect ECONNREFUSED ${CANARY}`), { code: 'ECONNREFUSED', syscall: 'connect' });
  }

  @Get('forbidden')
  forbidden(): never {
    throw new ForbiddenException(CANARY);
  }

  @Get('internal')
  internal(): never {
    throw new DomainError('thing.broken', CANARY, { status: 'internal' });
  }

  @Post('context')
  async context(): Promise<object> {
    await new Promise((resolve) => setImmediate(resolve));
    return { request_id: currentRequest()?.requestId };
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

// Real: Nest, Fastify and HTTP.
describe('an error over HTTP', () => {
  let app: NestFastifyApplication;
  let http: HttpClient;
  const logged: string[] = [];

  beforeAll(async () => {
    const collect = (...parts: unknown[]): void => void logged.push(parts.join(' '));
    const ignore = (): void => undefined;
    const logger = { log: ignore, warn: ignore, debug: ignore, verbose: ignore, error: collect, fatal: collect };
    const adapter = new RoomcastAdapter({ maxBodyBytes: 1_048_576, trustProxy: false });
    app = await NestFactory.create<NestFastifyApplication>(ThingsModule, adapter, { logger });
    validateParameters(app);
    app.useGlobalFilters(new HttpErrorFilter());
    await app.listen(0, '127.0.0.1');
    http = new HttpClient((await app.getUrl()).replace('[::1]', '127.0.0.1'));
  });
  afterAll(() => app.close());
  afterEach(async () => {
    expect((await http.get('/search?limit=1')).status).toBe(200); // the server survived
  });

  const THING = { name: 'abc', kind: 'a', nested: { n: 1 } };

  it('a DomainError leaves with its code, message and details', async () => {
    const { status, body } = await http.get('/conflict');
    expect(status).toBe(409);
    expect(body).toEqual({
      error: { code: 'thing.exists', message: 'There is such a thing', details: { field: 'name' } },
    });
  });

  it('bad fields are named one by one, their values never', async () => {
    const { status, body } = await http.post<{ error: { code: string; details: { issues: { path: string }[] } } }>(
      '/things',
      { name: CANARY, kind: CANARY, nested: { n: CANARY }, extra: CANARY },
    );
    expect(status).toBe(400);
    expect(body.error.code).toBe('request.invalid');
    expect(body.error.details.issues.map((issue) => issue.path).sort()).toEqual(['', 'kind', 'name', 'nested.n']);
    expect(JSON.stringify(body)).not.toContain(CANARY);
    expect((await http.get('/search?limit=x')).status).toBe(400);
    expect((await http.get('/search?limit=1&more=2')).status).toBe(400);
    expect((await http.post('/things', THING)).status).toBe(201);
  });

  it('a body that is no JSON is refused without repeating it', async () => {
    for (const wrong of [`{"name": ${CANARY}`, CANARY, '', '{"__proto__":{"a":1}}']) {
      const { status, body } = await http.post('/things', wrong);
      expect(status).toBe(400);
      expect(body).toMatchObject({
        error: { code: expect.stringMatching(/^request\.(malformed_json|invalid)$/) as string },
      });
      expect(JSON.stringify(body)).not.toContain(CANARY);
    }
  });

  it('a request that names the type of a body it does not send is none of them', async () => {
    const { status, body } = await http.send('DELETE', '/nowhere', '');
    expect([status, (body as { error: { code: string } }).error.code]).toEqual([404, 'route.not_found']);
    expect((await http.send('GET', '/search?limit=1', undefined)).status).toBe(200);
  });

  it('values of the wrong shape are refused: null, a list, a text, a number', async () => {
    for (const wrong of ['null', '[]', '"text"', '12']) expect((await http.post('/things', wrong)).status).toBe(400);
  });

  it('a body of more than 1 MiB is refused with 413', async () => {
    const { status, body } = await http.post('/things', { name: 'a'.repeat(2_097_152) });
    expect([status, body]).toEqual([
      413,
      { error: { code: 'request.too_large', message: 'The request body is too large', details: null } },
    ]);
  });

  it('a body in another format is refused with 415', async () => {
    for (const type of ['text/plain', 'application/xml']) {
      const { status, body } = await http.with({ 'content-type': type }).send('POST', '/things', 'name=x');
      expect([status, body]).toMatchObject([415, { error: { code: 'request.unsupported_media_type' } }]);
    }
  });

  it('an unknown address, and one that is badly encoded, get the same kind of answer', async () => {
    expect(await http.get(`/nowhere/${CANARY}`)).toMatchObject({
      status: 404,
      body: { error: { code: 'route.not_found', message: 'There is nothing at this address', details: null } },
    });
    expect(await http.get('/%E0%A4%A')).toMatchObject({ status: 400, body: { error: { code: 'request.malformed' } } });
  });

  it('an unknown error is logged with its request and leaves as internal, with nothing of it', async () => {
    logged.length = 0;
    const { status, body } = await http.with({ 'x-request-id': 'my-request' }).get(`/throws/${CANARY}`);
    expect(status).toBe(500);
    expect(body).toEqual({
      error: { code: 'internal', message: 'Something went wrong on our side', details: { request_id: 'my-request' } },
    });
    expect(logged).toEqual([expect.stringContaining('GET /throws/:what failed (request my-request)')]);
    expect(JSON.stringify((await http.get('/internal')).body)).not.toContain(CANARY);
    expect(JSON.stringify((await http.get('/forbidden')).body)).not.toContain(CANARY);
  });

  it('a service that is away is a 503 that says when to come back', async () => {
    const { status, headers, body } = await http.get('/away');
    expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    expect(body).toMatchObject({ error: { code: 'service.unavailable' } });
    expect(JSON.stringify(body)).not.toContain(CANARY);
    expect((await http.get('/limited')).headers.get('retry-after')).toBe('7');
  });

  it('a request has an id, its own when it is a sensible one, and the code that serves it knows it', async () => {
    const own = await http.with({ 'x-request-id': 'abc-1' }).post('/context');
    expect([own.headers.get('x-request-id'), own.body]).toEqual(['abc-1', { request_id: 'abc-1' }]);
    const made = await http.with({ 'x-request-id': 'a b <script>' }).post<{ request_id: string }>('/context');
    expect(made.body.request_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(made.headers.get('x-request-id')).toBe(made.body.request_id);
  });
});
