import type { JsonObject, JsonValue } from '../../../common/json.js';
import { paths } from '../wire/links.js';
import { timestamp } from '../wire/timestamps.js';

/** Who caused something: an account is an `admin` here and a member a `user`. */
function authorShape(author: JsonObject | null): JsonObject {
  const shape: JsonObject = {};
  if (author?.api_key !== undefined) shape.api_key = author.api_key;
  if (author?.member !== undefined) shape.user = author.member;
  if (author?.account !== undefined) shape.admin = author.account;
  return shape;
}

/** The times of an object are written like all others; what somebody published is left as it is. */
function payloadShape({ metadata, payload }: JsonObject): JsonValue {
  const values = { ...(payload as JsonObject) };
  if ((metadata as JsonObject).type !== 'object') return values;
  for (const name of ['created_at', 'updated_at']) {
    if (typeof values[name] === 'string') values[name] = timestamp(values[name]);
  }
  return values;
}

/** A message as a poll brings it. */
export function messageShape(message: JsonObject): JsonObject {
  return {
    id: message.id!,
    created_at: timestamp(message.created_at as string),
    action: message.action!,
    author: authorShape(message.author as JsonObject | null),
    metadata: message.metadata!,
    payload: payloadShape(message),
  };
}

/** The same as the history keeps it. */
export function historyShape(instance: string, channel: string, message: JsonObject): JsonObject {
  const { id, ...rest } = messageShape(message);
  const links = { self: `${paths.history(instance, channel)}${String(id)}/` };
  return { id: id!, room: message.room ?? null, ...rest, links };
}
