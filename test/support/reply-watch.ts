import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { describeApi } from '../../src/api-docs.js';
import { apiRoutes } from '../../src/openapi/api-route.js';
import { type GivenReply, ReplyCheck } from './reply-check.js';

/** What may leave without a description, each with the reason. */
const EXCEPTIONS: { is(reply: GivenReply): boolean; because: string }[] = [
  {
    is: ({ method }) => method === 'HEAD' || method === 'OPTIONS',
    because: 'they come with every route and have no body of their own',
  },
  {
    is: ({ method, path, body }) =>
      method === 'DELETE' && path.startsWith('/api/groups/') && body?.includes('"thing.busy"') === true,
    because: 'a feature that only the test has refuses in a route that is not its own',
  },
];

/** Servers with the same routes have the same description, and making it takes its time. */
const checks = new Map<string, ReplyCheck>();

/**
 * Reads along what a server of this process answers under `/api`: every reply has to be as `/docs-json` says. What is not
 * fails the file at its end.
 */
export function watchReplies(app: NestFastifyApplication): void {
  let check: ReplyCheck | undefined;
  app.getHttpServer().prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '' } = request;
    const path = url.split('?', 1)[0]!;
    if (!path.startsWith('/api/')) return;
    const type = contentTypeOf(response);
    const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse;
    response.end = (...args: unknown[]) => {
      const body = type().includes('json') ? textOf(args[0]) : null;
      const reply = { method, path, status: response.statusCode, body };
      if (!EXCEPTIONS.some(({ is }) => is(reply))) (check ??= checkFor(app)).reply(reply);
      return end(...args);
    };
  });
}

function checkFor(app: NestFastifyApplication): ReplyCheck {
  const routes = [...apiRoutes(app).keys()].join();
  const check = checks.get(routes) ?? new ReplyCheck(describeApi(app));
  checks.set(routes, check);
  return check;
}

/** Headers that are given with the head of the response are not among those that it tells. */
function contentTypeOf(response: ServerResponse): () => string {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  let given: unknown;
  response.writeHead = (...args: unknown[]) => {
    given = (args.at(-1) as Record<string, unknown> | undefined)?.['content-type'];
    return writeHead(...args);
  };
  return () => String(given ?? response.getHeader('content-type'));
}

function textOf(chunk: unknown): string | null {
  return (typeof chunk === 'string' || Buffer.isBuffer(chunk)) && chunk.length > 0 ? String(chunk) : null;
}
