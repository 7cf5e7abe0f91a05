import { idText } from './ids.js';
import { emailAddress, text, trimmedText, webAddress } from './text.js';

describe('text', () => {
  it.each(['a\0b', '\0', 'half \ud83d', '\udc00 half'])('refuses what PostgreSQL would not give back: %j', (value) => {
    expect(text(0, 20).safeParse(value).success).toBe(false);
    expect(trimmedText(0, 20).safeParse(value).success).toBe(false);
  });

  it('keeps whole characters beyond the basic plane', () => {
    expect(text(1, 5).parse(' 😀 ')).toBe(' 😀 ');
  });

  it('counts trimmed text without its outer blanks', () => {
    expect(trimmedText(1, 3).parse('  abc\n')).toBe('abc');
    expect(trimmedText(1, 3).safeParse('   ').success).toBe(false);
  });
});

describe('emailAddress', () => {
  it('has one form for every way to type it', () => {
    expect(emailAddress.parse('  Ada@Example.COM ')).toBe('ada@example.com');
  });

  it.each(['', 'ada', 'ada@', 'a\0da@example.com', `${'a'.repeat(250)}@example.com`])('refuses %j', (value) => {
    expect(emailAddress.safeParse(value).success).toBe(false);
  });
});

describe('webAddress', () => {
  it.each(['javascript:alert(1)', 'data:text/html,x', '/relative', 'ftp://example.com/a', 'https://a.de/\0'])(
    'refuses %j',
    (value) => {
      expect(webAddress.safeParse(value).success).toBe(false);
    },
  );

  it('accepts http and https', () => {
    expect(webAddress.parse('https://example.com/a.png?b=c')).toBe('https://example.com/a.png?b=c');
  });
});

describe('idText', () => {
  it.each(['0', '-1', '07', '1e3', '0x10', ' 1', '1.0', '99999999999999999999', ''])('refuses %j', (value) => {
    expect(idText.safeParse(value).success).toBe(false);
  });

  it('is a number afterwards', () => {
    expect(idText.parse('42')).toBe(42);
  });
});
