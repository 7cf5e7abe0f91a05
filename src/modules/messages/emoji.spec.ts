import { emoji } from './emoji.js';

describe('an emoji', () => {
  it.each(['thumbsup', '+1', '-1', 'party_parrot', 'A', 'x'.repeat(64)])('has a name: %s', (value) => {
    expect(emoji.parse(value)).toBe(value);
  });

  it.each([
    ['one code point', '👍'],
    ['a skin tone', '👍🏽'],
    ['a variation selector', '❤️'],
    ['none, where there could be one', '❤'],
    ['a flag', '🇩🇪'],
    ['a key', '5️⃣'],
    ['a family', '👩‍👩‍👧‍👦'],
    ['a flag of many tags', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
  ])('is drawn: %s', (_what, value) => {
    expect(emoji.parse(value)).toBe(value);
  });

  it.each([
    ['nothing', ''],
    ['a blank', ' '],
    ['two of them', '👍👍'],
    ['a word beside it', '👍 yes'],
    ['a sentence', 'very good'],
    ['a letter of another alphabet', 'ж'],
    ['a colon', ':thumbsup:'],
    ['a path', '../x'],
    ['NUL', 'a\0'],
    ['half a surrogate pair', '\ud83d'],
    ['an emoji with half a pair', '👍\ud83d'],
    ['a long name', 'x'.repeat(65)],
    ['a picture joined without end', `👩${'\u200d👩'.repeat(40)}`],
  ])('is not %s', (_what, value) => {
    expect(emoji.safeParse(value).success).toBe(false);
  });
});
