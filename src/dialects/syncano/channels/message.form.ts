import { isObject, type JsonObject, parseJson } from '../../../common/json.js';
import { isStorable } from '../../../common/text.js';
import { payloadObject, type PublishMessage } from '../../../modules/channels/index.js';
import { WireError } from '../wire/errors.js';
import { Form } from '../wire/form.js';
import { parameter, type Query } from '../wire/lists.js';

const MAX_ROOM = 128;
const TOO_LONG = `Ensure this field has no more than ${MAX_ROOM} characters.`;

export function publishForm(body: unknown): PublishMessage {
  const form = new Form(body);
  const room = form.raw('room') === null ? undefined : form.text('room', { max: MAX_ROOM });
  const payload = payloadIn(form);
  form.check();
  return { payload: payload!, room: room?.toLowerCase() };
}

/** An object, or a text that holds one: the client always sends a text. */
function payloadIn(form: Form): JsonObject | undefined {
  const sent = form.raw('payload');
  if (sent === undefined || sent === '') return {};
  const fail = (message: string): undefined => {
    form.fail('payload', message);
    return undefined;
  };
  if (sent === null) return fail('This field may not be null.');
  const value = typeof sent === 'string' ? parseJson(sent) : sent;
  if (value === undefined) return fail('Not a valid JSON string.');
  if (!isObject(value)) return fail('Payload passed in invalid format.');
  return payloadObject.safeParse(value).data ?? fail('Payload passed in invalid format.');
}

/** The `room` of a poll or of the history. */
export function roomIn(query: Query): string | null {
  const room = parameter(query, 'room')?.trim().toLowerCase() ?? '';
  if (room === '') return null;
  if ([...room].length > MAX_ROOM) throw new WireError(400, { room: [TOO_LONG] });
  if (!isStorable(room)) throw new WireError(400, { room: ['Null characters are not allowed.'] });
  return room;
}

/** The `last_id` of a poll; a negative one is as good as none. */
export function lastIdIn(query: Query): number | undefined {
  const text = parameter(query, 'last_id');
  if (text === undefined) return undefined;
  if (!/^-?\d{1,15}$/.test(text)) throw new WireError(400, { last_id: ['A valid integer is required.'] });
  return Number(text);
}
