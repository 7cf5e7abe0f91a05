const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const BASE = 58n;
/** As many digits as a number holds exactly. */
const DIGITS_AT_ONCE = 9;

/**
 * The bytes that a text stands for in base58 (Bitcoin's alphabet, no checksum); null when it is none. By big integers,
 * because the usual libraries need a tenth of a second for 8 KiB, or refuse them: too long for what strangers may send.
 */
export function decodeBase58(text: string): Uint8Array | null {
  if (!/^[1-9A-HJ-NP-Za-km-z]+$/.test(text)) return null;
  let value = 0n;
  for (let start = 0; start < text.length; start += DIGITS_AT_ONCE) {
    const digits = text.slice(start, start + DIGITS_AT_ONCE);
    const number = [...digits].reduce((sum, digit) => sum * 58 + ALPHABET.indexOf(digit), 0);
    value = value * BASE ** BigInt(digits.length) + BigInt(number);
  }
  const hex = value === 0n ? '' : value.toString(16);
  const zeros = /^1*/.exec(text)![0].length;
  return Buffer.concat([Buffer.alloc(zeros), Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')]);
}
