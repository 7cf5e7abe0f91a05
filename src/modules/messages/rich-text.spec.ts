import { docOf, hasOtherContent, isDoc, textOf } from './rich-text.js';

const text = (value: string) => ({ type: 'text', text: value });
const paragraph = (...content: object[]) => ({ type: 'paragraph', content });
const doc = (...content: object[]) => ({ type: 'doc', content }) as never;

describe('rich text', () => {
  it('says in plain text what its paragraphs say, one below the other, however they are nested', () => {
    const nested = doc(
      paragraph(text('One '), { ...text('bold'), marks: [{ type: 'bold' }] }),
      {
        type: 'bulletList',
        content: [{ type: 'listItem', content: [paragraph(text('two'), { type: 'hardBreak' }, text('three'))] }],
      },
      { type: 'paragraph' },
      paragraph({ type: 'mention', attrs: { label: 'Ann' } }, text(' four')),
    );
    expect(textOf(nested)).toBe('One bold\ntwo\nthree\n\n@Ann four');
  });

  it.each(['one line', 'two\nlines', '', '\n', ' spaces stay ', 'a\n\nb\n'])(
    'comes back from %j as it was',
    (value) => {
      expect(textOf(docOf(value))).toBe(value);
    },
  );

  it.each([
    ['a text', 'doc'],
    ['a list', []],
    ['another type', { type: 'paragraph' }],
    ['content that is no list', { type: 'doc', content: {} }],
    ['a node without a type', { type: 'doc', content: [{ text: 'x' }] }],
    ['a node that is a text', { type: 'doc', content: ['x'] }],
    ['a text node without text', { type: 'doc', content: [paragraph({ type: 'text', text: 7 })] }],
  ])('is no document: %s', (_what, value) => {
    expect(isDoc(value as never)).toBe(false);
  });

  it('has other content when it shows something besides text', () => {
    expect(hasOtherContent(doc(paragraph(text('x'))))).toBe(false);
    expect(hasOtherContent(doc(paragraph({ type: 'image', attrs: {} })))).toBe(true);
  });
});
