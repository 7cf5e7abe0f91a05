import { z } from 'zod';
import type { JsonObject } from '../../common/json.js';
import type { DomainEvent, EventDraft } from '../../events/domain-event.js';

const TYPE = 'topic_message';

/** What somebody says to all who follow a topic of rows, in the room of the rows; no row has changed. */
export const topicMessageSchema = z
  .strictObject({ payload: z.record(z.string(), z.unknown()) })
  .meta({ id: 'TopicMessage' });

/** What rooms tell beside their rows, for `/asyncapi.json`. */
export const topicNews = { [TYPE]: topicMessageSchema };

/** @param path of the room in which it is said. */
export function topicMessageDraft(
  { stream, path }: { stream: string; path: string },
  payload: JsonObject,
  cause: EventDraft['cause'],
): EventDraft {
  return { stream, path, action: 'published', type: TYPE, resource: { payload }, cause };
}

export function isTopicMessage({ type }: Pick<DomainEvent, 'type'>): boolean {
  return type === TYPE;
}

/** What was said; null for all other events. */
export function payloadIn(event: DomainEvent): JsonObject | null {
  return isTopicMessage(event) ? ((event.resource?.payload as JsonObject | undefined) ?? null) : null;
}
