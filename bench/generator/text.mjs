/** What is published: 128 bytes, with a place for 16 digits that make every text different and say when it left. */
export const MARK = '@@';
const DIGITS = 16;
export const TEXT = `${MARK}${'0'.repeat(DIGITS)}${MARK}`.padEnd(128, 'roomcast bench ');

/** Writes the time of sending, in microseconds, into a buffer that holds the text from `at` on. */
export function stamp(buffer, at) {
  buffer.latin1Write(
    Math.round(performance.now() * 1000)
      .toString()
      .padStart(DIGITS, '0'),
    at + MARK.length,
    DIGITS,
  );
}

/** Milliseconds since the stamped text left this process; undefined when this is not one of ours. */
export function ageOf(buffer) {
  const at = buffer.indexOf(MARK);
  if (at < 0) return undefined;
  const sent = Number(buffer.latin1Slice(at + MARK.length, at + MARK.length + DIGITS));
  return performance.now() - sent / 1000;
}
