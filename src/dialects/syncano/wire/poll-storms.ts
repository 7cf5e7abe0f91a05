import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { SpokenError } from '../../../common/http/error-speaker.js';
import { Settings } from '../../../config/settings.js';
import { clientAddress } from '../../../limits/client-address.js';
import { LocalWindow } from '../../../limits/local-window.js';
import { throttled } from './errors.js';

/** Polls of one address to one channel that may fail within a second. */
const FAILURES_PER_SECOND = 5;

/**
 * The client repeats a poll that failed at once, more than a thousand times a second; only a 429 makes it wait. So after a
 * few failures that is what it gets instead of the reason, which it does not read while it polls.
 */
@Injectable()
export class PollStorms {
  private readonly failures = new LocalWindow({ times: FAILURES_PER_SECOND, windowSeconds: 1 });

  constructor(private readonly settings: Settings) {}

  slowDown(request: FastifyRequest, answer: SpokenError): SpokenError {
    const path = request.url.split('?', 1)[0]!;
    if (this.settings.rateLimits === 'off' || !/\/poll\/?$/.test(path)) return answer;
    const wait = this.failures.hit(`${clientAddress(request.ip)} ${path}`);
    return wait > 0 ? { status: 429, body: throttled(1), retryAfter: 1 } : answer;
  }
}
