import { z } from 'zod';
import { isObject, type JsonObject, type JsonValue } from '../../common/json.js';
import type { RequestId } from './live.frames.js';

/** What a client asks for. */
export interface LiveRequest {
  /** As it was written, for the answer. */
  method: string;
  id: RequestId;
  /** The operands. */
  attributes: JsonObject;
}

/** What is wrong with a frame: with its form, or only with its id. */
export interface BadRequest {
  malformed: boolean;
  method: string;
  error: string;
}

export const requestId = z.union([z.string().max(128), z.number()]);

/** Whatever else stands in it is left alone. */
export const envelope = z.looseObject({
  method: z.string(),
  attributes: z.unknown().optional().describe('An object with the operands of the method.'),
  payload: z.unknown().optional().describe('The same, where there are no attributes.'),
  type: z.unknown().optional().describe('A topic to subscribe to, where the attributes name none.'),
  id: z.unknown().optional().describe('A text of up to 128 characters or a number; with it, success is answered too.'),
});

/** The request in a frame (docs/dialects/daptin.md). */
export function readRequest(text: string): LiveRequest | BadRequest {
  let sent: unknown;
  try {
    sent = JSON.parse(text);
  } catch {
    return { malformed: true, method: 'request', error: 'invalid JSON' };
  }
  const request = envelope.safeParse(sent).data;
  if (!request) return { malformed: true, method: 'request', error: 'invalid request' };
  const { method, attributes = request.payload, type } = request;
  const id = requestId.optional().safeParse(request.id);
  if (!id.success) return { malformed: false, method, error: 'invalid id' };
  const operands = isObject(attributes) ? attributes : {};
  const byType = method === 'subscribe' && typeof type === 'string' && type !== '' && topicIn(operands) === undefined;
  return { method, id: id.data ?? null, attributes: byType ? { ...operands, topic: type } : operands };
}

/** The topic that a request is about, in any of its spellings. */
export function topicIn({ topic, topicName }: JsonObject): JsonValue | undefined {
  return topic ?? topicName;
}

/** The same for what makes and ends topics. */
export function nameIn(attributes: JsonObject): JsonValue | undefined {
  return attributes.name ?? topicIn(attributes);
}

/** The topics of a list with commas, each once; none for what is no list. */
export function topicsIn(attributes: JsonObject): string[] {
  const topics = topicIn(attributes);
  if (typeof topics !== 'string') return [];
  const names = topics.split(',').map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ''))];
}
