import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../common/json.js';
import { isStorableJson } from '../../common/json-limits.js';
import type { MessageWords } from '../chat-rooms/index.js';
import type { Message } from './message.entity.js';
import { messageEmpty, messageTooLong, richTextMalformed } from './messages.errors.js';
import { type DocNode, docOf, hasOtherContent, isDoc, paragraphsOf, textOf } from './rich-text.js';

const MAXIMUM_CHARACTERS = 10_000;
const MAXIMUM_BYTES = 64 * 1024;
/** No text of this length makes a document that is too large, so most messages need not be measured. */
const SMALL_TEXT = 500;

/** Lists of a rich text that are content of their own. */
const ATTACHED = ['attachments', 'inline_attachments', 'polls'];

/** What a message says, twice: as a document with everything that belongs to it, and as its plain text. */
export type MessageContent = Pick<Message, 'body' | 'richTextBody'>;

/** Text, a document, or both: the document is what counts, and a text without one becomes one. */
export function toMessageContent(words: MessageWords): MessageContent {
  const text = (words.body ?? '').replace(/\r\n?/g, '\n');
  if (text.length > MAXIMUM_CHARACTERS) throw messageTooLong({ characters: MAXIMUM_CHARACTERS });
  const given = words.rich_text_body;
  if (!given) return contentOfText(text);
  if (!isStorableJson(given)) throw richTextMalformed();
  const wrapper = (given.type === 'doc' ? { body: given } : given) as JsonObject;
  const doc = docWith(wrapper.body ?? null, text);
  const body = textOf(doc);
  if (body.length > MAXIMUM_CHARACTERS) throw messageTooLong({ characters: MAXIMUM_CHARACTERS });
  const richTextBody = { ...frame(body), ...wrapper, body: doc };
  const saysSomething = body.trim() !== '' || hasOtherContent(doc) || ATTACHED.some((key) => isFilled(wrapper[key]));
  if (!saysSomething) throw messageEmpty();
  requireFitting(richTextBody);
  return { body, richTextBody };
}

/** What most messages are. */
function contentOfText(text: string): MessageContent {
  if (text.trim() === '') throw messageEmpty();
  const richTextBody = frame(text);
  richTextBody.body = docOf(text);
  if (text.length > SMALL_TEXT) requireFitting(richTextBody);
  return { body: text, richTextBody };
}

function requireFitting(richText: JsonObject): void {
  if (Buffer.byteLength(JSON.stringify(richText)) > MAXIMUM_BYTES) throw messageTooLong({ bytes: MAXIMUM_BYTES });
}

/** Whether an edit says anything new. A text alone is no reason to lose the form that it was given before. */
export function changesContent(message: MessageContent, words: MessageWords, content: MessageContent): boolean {
  if (content.body !== message.body) return true;
  return words.rich_text_body != null && !isDeepStrictEqual(content.richTextBody, message.richTextBody);
}

/** The document that was given, or made from the text; a text beside a document of pictures alone goes below them. */
function docWith(given: JsonObject[string], text: string): DocNode {
  if (given === null) return text === '' ? { type: 'doc', content: [] } : docOf(text);
  if (!isDoc(given)) throw richTextMalformed();
  if (text === '' || textOf(given) !== '') return given;
  return { ...given, content: [...((given.content ?? []) as DocNode[]), ...paragraphsOf(text)] };
}

/** What every rich text has besides its document, unless something else came. */
function frame(text: string): JsonObject {
  return {
    format: 'chat',
    attachments: [],
    inline_attachments: [],
    community_members: [],
    entities: [],
    group_mentions: [],
    polls: [],
    sgids_to_object_map: {},
    circle_ios_fallback_text: text,
  };
}

function isFilled(value: JsonObject[string] | undefined): boolean {
  return Array.isArray(value) && value.length > 0;
}
