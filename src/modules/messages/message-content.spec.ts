import { type DomainError } from '../../common/domain-error.js';
import type { MessageWords } from '../chat-rooms/index.js';
import { changesContent, toMessageContent } from './message-content.js';

const said = (value: string) => ({
  type: 'doc',
  content: [{ type: 'paragraph', content: [{ type: 'text', text: value }] }],
});

function codeOf(words: MessageWords): string | null {
  try {
    toMessageContent(words);
    return null;
  } catch (error) {
    return (error as DomainError).code;
  }
}

describe('what a message says', () => {
  it('is a document with everything that belongs to it, and its plain text, whichever was given', () => {
    const fromText = toMessageContent({ body: 'Hello' });
    expect(fromText.body).toBe('Hello');
    expect(fromText.richTextBody).toEqual({
      body: said('Hello'),
      format: 'chat',
      attachments: [],
      inline_attachments: [],
      community_members: [],
      entities: [],
      group_mentions: [],
      polls: [],
      sgids_to_object_map: {},
      circle_ios_fallback_text: 'Hello',
    });
    expect(toMessageContent({ rich_text_body: said('Hello') })).toEqual(fromText);
    expect(toMessageContent({ rich_text_body: { body: said('Hello') } })).toEqual(fromText);
  });

  it('keeps what came and fills in the rest', () => {
    const { richTextBody } = toMessageContent({
      rich_text_body: {
        body: said('x'),
        attachments: [{ id: 1 }],
        circle_ios_fallback_text: 'theirs',
        own: { key: 1 },
      },
    });
    expect(richTextBody).toMatchObject({
      attachments: [{ id: 1 }],
      circle_ios_fallback_text: 'theirs',
      own: { key: 1 },
      polls: [],
    });
  });

  it('is the document where both were given, and both where the document has no text', () => {
    expect(toMessageContent({ body: 'other', rich_text_body: said('doc') }).body).toBe('doc');
    const picture = { type: 'doc', content: [{ type: 'image', attrs: { src: 'x' } }] };
    const both = toMessageContent({ body: 'below', rich_text_body: picture });
    expect(both.body).toBe('below');
    expect(both.richTextBody.body).toEqual({ type: 'doc', content: [...picture.content, ...said('below').content] });
  });

  it('may do without text when it shows something', () => {
    expect(toMessageContent({ rich_text_body: { attachments: [{ id: 1 }] } }).body).toBe('');
    expect(codeOf({ rich_text_body: { type: 'doc', content: [{ type: 'image', attrs: {} }] } })).toBeNull();
  });

  it.each<[string, MessageWords, string | null]>([
    ['nothing', {}, 'message.empty'],
    ['null', { body: null, rich_text_body: null }, 'message.empty'],
    ['blanks', { body: ' \n\t ' }, 'message.empty'],
    ['an empty document', { rich_text_body: { type: 'doc' } }, 'message.empty'],
    ['an empty wrapper', { rich_text_body: {} }, 'message.empty'],
    ['the longest text', { body: 'x'.repeat(10_000) }, null],
    ['one character more', { body: 'x'.repeat(10_001) }, 'message.too_long'],
    ['a document of a longer text', { rich_text_body: said('x'.repeat(10_001)) }, 'message.too_long'],
    [
      'more than 64 KiB around a text',
      { rich_text_body: { body: said('x'), own: 'y'.repeat(65_536) } },
      'message.too_long',
    ],
    ['a document that is a text', { rich_text_body: { body: 'Hello' } }, 'message.rich_text_malformed'],
    ['a NUL inside', { rich_text_body: said('a\0b') }, 'message.rich_text_malformed'],
  ])('%s: %#', (_what, words, code) => {
    expect(codeOf(words)).toBe(code);
  });

  it('measures the documents of long texts; those of short ones are never too large', () => {
    // What takes most: lines of one character each, and characters that JSON has to escape.
    for (const text of ['\n', '\u0001\n', '漢\n', '"', '\u0001'].map((piece) => piece.repeat(500 / piece.length))) {
      const { richTextBody } = toMessageContent({ body: `${text.slice(0, -1)}x` });
      expect(Buffer.byteLength(JSON.stringify(richTextBody))).toBeLessThan(64 * 1024);
    }
    expect(codeOf({ body: 'x\n'.repeat(5_000) })).toBe('message.too_long');
  });

  it('refuses endless nesting without falling over', () => {
    const deep = JSON.parse(`{"body":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`) as Record<string, unknown>;
    expect(codeOf({ rich_text_body: deep })).toBe('message.rich_text_malformed');
  });

  it('is not changed by the same text, nor by the same document', () => {
    const bold = {
      type: 'doc',
      content: [{ type: 'paragraph', content: [{ type: 'text', text: 'x', marks: [{ type: 'bold' }] }] }],
    };
    const message = toMessageContent({ rich_text_body: bold });
    const changes = (words: MessageWords): boolean => changesContent(message, words, toMessageContent(words));
    expect(changes({ body: 'x' })).toBe(false);
    expect(changes({ rich_text_body: bold })).toBe(false);
    expect(changes({ rich_text_body: said('x') })).toBe(true);
    expect(changes({ body: 'y' })).toBe(true);
  });
});
