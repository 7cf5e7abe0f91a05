import type { Logger } from '@nestjs/common';
import { runOutsideRequests } from '../common/request-context.js';
import type { DomainEvent } from '../events/domain-event.js';

/** A log line that follows requests to the frames they caused: which requests, how far, to how many; never what is in it. */
export function traceDelivery(
  logger: Logger,
  text: string,
  stream: string,
  events: DomainEvent[],
  sessions: number,
): void {
  const requests = new Set(events.map((event) => event.requestId).filter((id) => id !== null));
  const fields = { stream, from: events[0]?.seq, to: events.at(-1)?.seq, sessions, request_ids: [...requests] };
  runOutsideRequests(() => logger.debug(fields, text));
}
