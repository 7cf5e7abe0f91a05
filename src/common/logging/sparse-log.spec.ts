import { currentRequest, runInRequest } from '../request-context.js';
import { SparseLog } from './sparse-log.js';

describe('what may happen very often', () => {
  const lines: unknown[][] = [];
  let request: unknown;
  const log = new SparseLog(
    {
      warn: (...parts: unknown[]) => {
        lines.push(parts);
        request = currentRequest()?.requestId;
      },
    },
    10_000,
  );
  beforeEach(() => {
    jest.useFakeTimers();
    lines.length = 0;
  });
  afterEach(() => jest.useRealTimers());

  it('is said once with its reason, then counted, then forgotten when it stops', () => {
    for (let time = 0; time < 1_000; time += 1)
      log.warn('It failed', new Error('refused', { cause: new Error('why') }));
    log.warn('Something else', Object.assign(new Error(''), { code: 'ECONNREFUSED' }));
    expect(lines).toEqual([['It failed: why'], ['Something else: ECONNREFUSED']]);
    jest.advanceTimersByTime(10_000);
    expect(lines.slice(2)).toEqual([[{ times: 999 }, 'It failed: 999 more in the last 10 s']]);
    jest.advanceTimersByTime(60_000);
    expect(lines).toHaveLength(3);
    log.warn('It failed', 'again');
    expect(lines.at(-1)).toEqual(['It failed: again']);
    jest.advanceTimersByTime(10_000);
  });

  it('belongs to a request the first time, and to none in the sum', () => {
    runInRequest({ requestId: 'one', author: null, workspaceId: null }, () => {
      log.warn('It failed', 'first');
      log.warn('It failed', 'second');
    });
    expect(request).toBe('one');
    jest.advanceTimersByTime(10_000);
    expect([lines.length, request]).toEqual([2, undefined]);
    jest.advanceTimersByTime(10_000);
  });
});
