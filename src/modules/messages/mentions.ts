import { id, idText } from '../../common/ids.js';
import { isObject, type JsonObject, type JsonValue } from '../../common/json.js';
import type { Message } from './message.entity.js';
import type { DocNode } from './rich-text.js';

/**
 * The members whom a rich text mentions, each once. A mention is a node `{type: 'mention', attrs}`; `attrs` names the member
 * itself, or by an `sgid` that `sgids_to_object_map` explains. Whether they are in the room is another question.
 */
export function mentionedIn({ body, sgids_to_object_map: named }: JsonObject): number[] {
  const found = new Set<number>();
  const open = isObject(body) ? [body as DocNode] : [];
  for (let node = open.pop(); node; node = open.pop()) {
    const memberId = node.type === 'mention' && isObject(node.attrs) ? memberOf(node.attrs, named) : null;
    if (memberId !== null) found.add(memberId);
    if (node.content) open.push(...(node.content as DocNode[]));
  }
  return [...found];
}

/** Whether it is more than a word to the whole room: a reply, or a message that mentions somebody. */
export function concernsSomebody({ parentMessageId, richTextBody }: Pick<Message, 'parentMessageId' | 'richTextBody'>) {
  return parentMessageId !== null || mentionedIn(richTextBody).length > 0;
}

function memberOf(attrs: JsonObject, named: JsonValue | undefined): number | null {
  const sgid = typeof attrs.sgid === 'string' ? attrs.sgid : null;
  const object = sgid !== null && isObject(named) && Object.hasOwn(named, sgid) ? named[sgid] : undefined;
  const explained = isObject(object) ? (object.community_member_id ?? object.member_id ?? object.id) : undefined;
  for (const value of [explained, attrs.community_member_id, attrs.member_id]) {
    const memberId = id.safeParse(value).data ?? idText.safeParse(value).data;
    if (memberId !== undefined) return memberId;
  }
  return null;
}
