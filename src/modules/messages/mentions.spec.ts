import type { JsonObject } from '../../common/json.js';
import { toMessageContent } from './message-content.js';
import { concernsSomebody, mentionedIn } from './mentions.js';

const mention = (attrs: JsonObject) => ({ type: 'mention', attrs });
const doc = (...content: JsonObject[]) => ({ type: 'doc', content: [{ type: 'paragraph', content }] });
const said = (words: JsonObject) => toMessageContent({ rich_text_body: words }).richTextBody;

describe('mentions in a rich text', () => {
  it.each<[string, JsonObject, number[]]>([
    ['by community_member_id', doc(mention({ community_member_id: 7 })), [7]],
    ['by member_id', doc(mention({ member_id: 7 })), [7]],
    ['by an id that is a text', doc(mention({ community_member_id: '7' })), [7]],
    ['by sgid', { body: doc(mention({ sgid: 'a' })), sgids_to_object_map: { a: { community_member_id: 7 } } }, [7]],
    [
      'by the id of what the sgid names',
      { body: doc(mention({ sgid: 'a' })), sgids_to_object_map: { a: { id: 7 } } },
      [7],
    ],
    [
      'by sgid rather than by the id beside it',
      { body: doc(mention({ sgid: 'a', member_id: 8 })), sgids_to_object_map: { a: { community_member_id: 7 } } },
      [7],
    ],
    ['by the id beside an sgid that nobody explains', doc(mention({ sgid: 'b', member_id: 8 })), [8]],
    ['twice', doc(mention({ member_id: 7 }), mention({ community_member_id: 7 })), [7]],
    [
      'deep inside a list',
      {
        type: 'doc',
        content: [{ type: 'bulletList', content: [{ type: 'listItem', content: [doc(mention({ member_id: 7 }))] }] }],
      },
      [7],
    ],
  ])('finds who is mentioned %s', (_how, words, expected) => {
    expect(mentionedIn(said(words))).toEqual(expected);
    expect(concernsSomebody({ parentMessageId: null, richTextBody: said(words) })).toBe(true);
  });

  it.each<[string, JsonObject]>([
    ['a mention of nothing', doc(mention({}))],
    ['a mention without attributes', doc({ type: 'mention' })],
    ['ids that are none', doc(mention({ member_id: 0 }), mention({ member_id: -1 }), mention({ member_id: 1.5 }))],
    ['an sgid that names the prototype', { body: doc(mention({ sgid: '__proto__' })), sgids_to_object_map: {} }],
    ['an sgid that names no object', { body: doc(mention({ sgid: 'a' })), sgids_to_object_map: { a: 7 } }],
    ['a map that is none', { body: doc(mention({ sgid: 'length' })), sgids_to_object_map: ['x'] }],
    ['an id in another node', doc({ type: 'image', attrs: { member_id: 7 } })],
    ['a text that looks like one', doc({ type: 'text', text: '@7' })],
  ])('finds nobody in %s', (_what, words) => {
    const richTextBody = said(words);
    expect(mentionedIn(richTextBody)).toEqual([]);
    expect(concernsSomebody({ parentMessageId: null, richTextBody })).toBe(false);
    expect(concernsSomebody({ parentMessageId: 1, richTextBody })).toBe(true);
  });

  it('a plain text mentions nobody', () => {
    expect(mentionedIn(toMessageContent({ body: 'hello @7' }).richTextBody)).toEqual([]);
  });
});
