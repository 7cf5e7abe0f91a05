import { QueryFailedError } from 'typeorm';
import { runInRequest } from '../request-context.js';
import { AppLogger } from './app-logger.js';

describe('the log', () => {
  let lines: Record<string, unknown>[];
  let text: string;
  const logger = (readable = false): AppLogger =>
    new AppLogger({
      level: 'debug',
      readable,
      destination: {
        write: (line: string) => {
          text += line;
          lines.push(JSON.parse(line) as Record<string, unknown>);
        },
      },
    });
  beforeEach(() => {
    lines = [];
    text = '';
  });

  it('a secret is never logged, wherever it stands', () => {
    const canary = 'c4n4ry';
    const log = logger();
    log.log({
      password: canary,
      nested: { refresh_token: canary, apiKey: canary, headers: { authorization: canary } },
    });
    log.log({ password_hash: canary, list: [{ secret: canary }] }, 'Context');
    log.warn(`Authorization: Bearer ${canary}`, 'Context');
    log.warn(`GET /x?api_key=${canary}&token=${canary}`, 'Context');
    log.warn(`postgres://user:${canary}@host/name`, 'Context');
    log.warn(`{"password":"${canary}"}`, 'Context');
    log.error(
      new Error(`rejected token eyJh.${canary}.${canary}`, { cause: new Error(`secret=${canary}`) }),
      'Context',
    );
    expect(lines).toHaveLength(7);
    expect(text).not.toContain(canary);
  });

  it('a failed statement is logged without its parameters and without the value that the database quotes', () => {
    const cause = Object.assign(new Error('invalid input syntax for type json: "c4n4ry"'), {
      code: '22P02',
      severity: 'ERROR',
      detail: 'Token "c4n4ry" is invalid',
    });
    logger().error(
      new QueryFailedError('INSERT INTO members VALUES ($1)', ['c4n4ry'], cause),
      'could not save',
      'Members',
    );
    expect(text).not.toContain('c4n4ry');
    expect(lines[0]).toMatchObject({
      context: 'Members',
      msg: 'could not save',
      err: { code: '22P02', query: 'INSERT INTO members VALUES ($1)' },
    });
  });

  it('a line written while a request is served names the request', () => {
    runInRequest({ requestId: 'r-1', author: null, workspaceId: null }, () => logger().log('hello', 'Context'));
    expect(lines[0]).toMatchObject({ level: 30, context: 'Context', msg: 'hello', request_id: 'r-1' });
  });

  it('an error keeps its type, its message and the place it comes from', () => {
    logger().error(new RangeError('too far'), 'Context');
    expect(lines[0]).toMatchObject({ err: { type: 'RangeError', message: 'too far' } });
    expect(text).toContain('app-logger.spec');
  });

  it('something that refers to itself, or is huge, is cut short', () => {
    const circle: Record<string, unknown> = { name: 'x'.repeat(10_000) };
    circle.self = circle;
    logger().log(circle, 'Context');
    expect(text.length).toBeLessThan(50_000);
  });
});
