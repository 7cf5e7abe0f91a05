import { Controller, Get, HttpCode, Module, Post } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOkResponse, type OpenAPIObject } from '@nestjs/swagger';
import { Validator } from '@seriousme/openapi-schema-validator';
import { z } from 'zod';
import { Public } from '../src/auth/auth.decorators.js';
import { conflict, invalid } from '../src/common/domain-error.js';
import { Throws } from '../src/common/http/throws.js';
import { PollsModule } from './polls/index.js';
import { replyFaults } from './support/reply-check.js';
import { startServer, type TestServer } from './support/start-server.js';

interface Operation {
  operationId: string;
  security?: object[];
  parameters?: { name: string; in: string }[];
  responses: Record<string, { description: string }>;
}

const known = invalid.define('liar.known', 'This one is listed.');
const told = z.strictObject({ name: z.string() });

/** Says one thing in its description and another to those who ask. */
@Public()
@Controller('api/liars')
class LiarsController {
  @Get('truth')
  @ApiOkResponse({ standardSchema: told })
  truth(): object {
    return { name: 'Ann' };
  }

  @Get('field')
  @ApiOkResponse({ standardSchema: told })
  field(): object {
    return { name: 'Ann', age: 7 };
  }

  @Get('null')
  @ApiOkResponse({ standardSchema: told })
  null(): object {
    return { name: null };
  }

  @Get('body')
  body(): object {
    return { name: 'Ann' };
  }

  @Get('empty')
  @ApiOkResponse({ standardSchema: told })
  empty(): void {}

  @Get('status')
  status(): never {
    throw conflict('liar.unheard', 'Nobody has heard of a conflict here.');
  }

  @Get('code')
  @Throws(known)
  code(): never {
    throw invalid('liar.unknown', 'This one is not listed.');
  }

  @Get('known')
  @Throws(known)
  known(): never {
    throw known();
  }

  @Post('nothing')
  @HttpCode(204)
  nothing(): void {}

  @Get('hidden')
  @ApiExcludeEndpoint()
  hidden(): object {
    return {};
  }
}

@Module({ controllers: [LiarsController] })
class LiarsModule {}

// Real: the whole server, with features that only this test has.
describe('/docs-json', () => {
  let server: TestServer;
  let document: OpenAPIObject;

  beforeAll(async () => {
    server = await startServer({ modules: [PollsModule, LiarsModule] });
    document = (await server.http.get<OpenAPIObject>('/docs-json')).body;
  });
  afterAll(() => server.close());

  function operation(method: string, path: string): Operation {
    return (document.paths[path] as Record<string, Operation>)[method]!;
  }

  function codes(status: number, { responses }: Operation): string[] {
    return [...(responses[status]?.description ?? '').matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
  }

  /** What has been found wrong with what was answered; it is no fault of this file. */
  function taken(): string[] {
    const found = [...replyFaults];
    replyFaults.clear();
    return found;
  }

  it('is a document of OpenAPI 3, and each of its operations has a name of its own', async () => {
    const { errors } = await new Validator().validate(structuredClone(document) as never);
    expect(errors ?? []).toEqual([]);
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path) as Operation[]);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    expect(operations.length).toBeGreaterThan(100);
  });

  it('refers to nothing that is not there', () => {
    const refs = new Set([...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path!));
    const find = (path: string): unknown =>
      path.split('/').reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], document);
    expect([...refs].filter((path) => find(path) === undefined)).toEqual([]);
    expect(refs).toContain('components/schemas/ErrorReply');
  });

  it('lists for every route how it may be refused, in the one shape of all errors', () => {
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const [method, { responses, security }] of Object.entries(operations as Record<string, Operation>)) {
        const statuses = Object.keys(responses);
        const expected = path.startsWith('/health/') ? ['500'] : ['429', '500', '503'];
        expect([method, path, statuses]).toEqual([method, path, expect.arrayContaining(expected)]);
        expect([method, path, statuses.includes('401')]).toEqual([
          method,
          path,
          security === undefined || path === '/api/auth/login' || path === '/api/auth/refresh',
        ]);
        const refusals = Object.entries(responses).filter(([status]) => Number(status) >= 400);
        for (const [, reply] of refusals) expect(JSON.stringify(reply)).toContain('"#/components/schemas/ErrorReply"');
      }
    }
  });

  it('knows who is refused from the guards, the schemas, the limits and the keys of repeated requests', () => {
    const create = operation('post', '/api/channels');
    expect(codes(401, create)).toEqual(['auth.credential_required', 'auth.token_expired', 'auth.token_invalid']);
    expect(codes(403, create)).toContain('auth.administrators_only');
    expect(codes(400, create)).toEqual(expect.arrayContaining(['request.invalid', 'idempotency.key_invalid']));
    expect(codes(409, create)).toEqual(expect.arrayContaining(['channel.name_taken', 'idempotency.key_reused']));
    expect(codes(413, create)).toEqual(['request.too_large']);
    expect(codes(415, create)).toEqual(['request.unsupported_media_type']);
    expect(codes(429, create)).toEqual(['request.rate_limited']);
    expect(create.parameters).toContainEqual(expect.objectContaining({ in: 'header', name: 'Idempotency-Key' }));

    const list = operation('get', '/api/channels');
    expect(Object.keys(list.responses)).not.toContain('409');
    expect(Object.keys(list.responses)).not.toContain('413');
    expect(codes(412, operation('put', '/api/resources/live-config/{config}'))).toEqual(['resource.version_mismatch']);
    expect(codes(429, operation('get', '/health/live'))).toEqual([]);
    expect(codes(503, operation('get', '/health/ready'))).toEqual(['service.not_ready']);

    // Its answer is a secret, so that it is never kept for a second request.
    const login = operation('post', '/api/auth/login');
    expect(login.security).toEqual([]);
    expect(codes(401, login)).toEqual(['auth.login_failed']);
    expect(Object.keys(login.responses)).not.toContain('409');
  });

  it('knows what records are refused with, without a word of their feature', () => {
    const vote = operation('post', '/api/polls/{id}/votes');
    expect(codes(400, vote)).toContain('poll.*');
    expect(codes(403, vote)).toEqual(['poll.*', 'poll.forbidden']);
    expect(codes(404, vote)).toEqual(['poll.*', 'poll.not_found']);
  });

  it('is what the replies are held to: one that it does not describe is found', async () => {
    const ask = (name: string) => server.http.get(`/api/liars/${name}`);
    for (const name of ['truth', 'known']) await ask(name);
    await server.http.post('/api/liars/nothing', {});
    await server.http.get('/api/nobody-is-here');
    expect(taken()).toEqual([]);

    for (const name of ['field', 'null', 'body', 'empty', 'status', 'code', 'hidden']) await ask(name);
    expect(taken()).toEqual([
      'GET /api/liars/field was answered with 200, and it does not fit: / additionalProperties age',
      'GET /api/liars/null was answered with 200, and it does not fit: /name type string',
      'GET /api/liars/body was answered with 200 and a body, of which nothing is said',
      'GET /api/liars/empty was answered with 200 without the body that is listed',
      'GET /api/liars/status was answered with 409 liar.unheard, a status that is not listed',
      expect.stringContaining('GET /api/liars/code was answered with 400 liar.unknown, and it does not fit') as string,
      'GET /api/liars/hidden was answered with 200, and is not described',
    ]);
  });
});
