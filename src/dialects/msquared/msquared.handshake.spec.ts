import { randomBytes } from 'node:crypto';
import { base58 } from '@scure/base';
import { decodeBase58 } from './base58.js';
import { readHandshake } from './msquared.handshake.js';

const encode = (text: string | Uint8Array): string => base58.encode(Buffer.from(text));
const offering = (...protocols: string[]) =>
  readHandshake({ headers: { 'sec-websocket-protocol': protocols.join(', ') } });

const SEED = 'zvtwh2Pc4738C3hkLXwcLbY3LnsqYfMmKG2NWiWNE9yL8xVwQhcLFKCzzne1fqbf';
const WITH_TOKEN =
  '8q798416Sac5w91SwnFPz4CMrH7hgrBTYrQvxnxLZYGFTSVePsadeH5ZvunYatJ83Hgu9jAZsp4kkME31xnYhaunAd2VJ5mt1EBa';

describe('base58', () => {
  it('random bytes are read as another implementation writes them', () => {
    for (let length = 0; length < 300; length += 1) {
      const bytes = Buffer.concat([Buffer.alloc(length % 4), randomBytes(length)]);
      const decoded = decodeBase58(base58.encode(bytes));
      if (bytes.length > 0) expect(Buffer.from(decoded!)).toEqual(bytes);
    }
  });

  it.each(['', '0', 'O', 'I', 'l', 'a b', 'abc-', 'ä'])('"%s" is none', (text) =>
    expect(decodeBase58(text)).toBeNull(),
  );
});

describe('the headers in a sub-protocol', () => {
  it('both of the known examples are read', () => {
    expect(offering(SEED)).toEqual({
      headers: { 'x-m2-organization': ['testOrg'], 'x-m2-project': ['testProj'] },
      protocol: SEED,
    });
    expect(offering(WITH_TOKEN).headers).toEqual({
      'x-m2-organization': ['acme'],
      'x-m2-project': ['demo'],
      authorization: ['Bearer abc.def.ghi'],
    });
  });

  it.each([
    ['a colon in the value', 'authorization:Bearer a:b', { authorization: ['Bearer a:b'] }],
    [
      'lines that end in CR LF, and empty ones',
      'X-M2-World: w\r\n\r\n\nx-api-key:k',
      { 'x-m2-world': ['w'], 'x-api-key': ['k'] },
    ],
    ['all in one line', 'x-m2-organization:a x-m2-project:b', { 'x-m2-organization': ['a'], 'x-m2-project': ['b'] }],
    ['names that do not count', 'cookie:c\nhost:h\nx-m2-world:w', { 'x-m2-world': ['w'] }],
  ])('%s', (_what, text, headers) => expect(offering(encode(text)).headers).toEqual(headers));

  it('the first one that holds any is chosen', () => {
    expect(offering('json', encode('nothing of this'), SEED, WITH_TOKEN).protocol).toBe(SEED);
  });

  it.each([
    ['is no base58', '0OIl'],
    ['is empty', ''],
    ['is no UTF-8', encode(Buffer.from([0x78, 0xff, 0xfe, 0x3a]))],
    ['has no line that counts', encode('cookie:c')],
    ['is no header', encode('just a text')],
  ])('a sub-protocol that %s is refused', (_what, protocol) => {
    expect(() => offering(protocol)).toThrow(expect.objectContaining({ code: 'handshake.protocol_invalid' }));
  });

  it('up to 8 KiB are read, and not a byte more', () => {
    const line = (bytes: number): string => toBase58(Buffer.from(`x-api-key:${'k'.repeat(bytes - 10)}`));
    expect(offering(line(8_192)).headers['x-api-key']![0]).toHaveLength(8_182);
    expect(() => offering(line(8_193))).toThrow();
    expect(() => offering('2'.repeat(100_000))).toThrow();
  });

  it('a real header goes before the same one in the sub-protocol, by whatever spelling', () => {
    const protocol = encode('x-m2-project:B\nx-m2-world:W\nauthorization:Bearer inside');
    const headers = { 'sec-websocket-protocol': protocol, 'x-m2-project-id': 'A', authorization: 'Bearer outside' };
    expect(readHandshake({ headers }).headers).toEqual({
      'x-m2-project-id': ['A'],
      'x-m2-world': ['W'],
      authorization: ['Bearer outside'],
    });
  });
});

/** The other implementation refuses to write so much. */
function toBase58(bytes: Buffer): string {
  let text = '';
  for (let value = BigInt(`0x${bytes.toString('hex')}`); value > 0n; value /= 58n) {
    text = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'[Number(value % 58n)]! + text;
  }
  return text;
}
