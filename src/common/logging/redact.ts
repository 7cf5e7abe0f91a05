const REDACTED = '[redacted]';
const MAXIMUM_DEPTH = 6;
const MAXIMUM_ENTRIES = 50;
const MAXIMUM_CHARACTERS = 4000;

const SECRET_NAMES =
  /pass(word|phrase|wd)?$|secret|token|authorization|cookie|credential|api[-_]?key|private[-_]?key|hash$/i;

/** Credentials that stand inside a text: tokens, authorization headers, passwords in URLs, `key=value` pairs. */
const SECRETS_IN_TEXT: [RegExp, string][] = [
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, REDACTED],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${REDACTED}`],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s/@]+@/gi, `$1${REDACTED}@`],
  [
    /((?:token|password|passwd|secret|api[-_]?key|authorization)s?["']?\s*[=:]\s*["']?)[^\s&"',;}\]]+/gi,
    `$1${REDACTED}`,
  ],
];

/** The last thing before a log line is written: takes out what must not be in it, and keeps it at a readable size. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? '[function]' : value;
  if (value instanceof Date) return value;
  if (depth >= MAXIMUM_DEPTH) return '[deep]';
  if (value instanceof Error) return describeError(value, depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, MAXIMUM_ENTRIES).map((entry) => redact(entry, depth + 1));
  const entries = Object.entries(value).slice(0, MAXIMUM_ENTRIES);
  return Object.fromEntries(entries.map(([name, entry]) => [name, redactNamed(name, entry, depth)]));
}

export function redactText(text: string): string {
  const short = text.length > MAXIMUM_CHARACTERS ? `${text.slice(0, MAXIMUM_CHARACTERS)}...` : text;
  return SECRETS_IN_TEXT.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), short);
}

function redactNamed(name: string, entry: unknown, depth: number): unknown {
  const mayHideSecret = typeof entry === 'string' || (typeof entry === 'object' && entry !== null);
  return mayHideSecret && SECRET_NAMES.test(name) ? REDACTED : redact(entry, depth + 1);
}

/** SQLSTATEs whose messages repeat the offending value: bad data, broken constraints, errors raised by functions; and no code at all. */
const QUOTES_VALUES = /^(22|23|P0|undefined$)/;

interface DriverError extends Error {
  code?: unknown;
  table?: unknown;
  constraint?: unknown;
  query?: unknown;
  severity?: unknown;
}

/** Of an error only what names it: its other properties can be anything, such as the parameters of a statement. */
function describeError(error: DriverError, depth: number): Record<string, unknown> {
  const fromDatabase = error.query !== undefined || error.severity !== undefined;
  const named = { code: error.code, table: error.table, constraint: error.constraint, query: error.query };
  const known = Object.entries(named).filter(([, value]) => typeof value === 'string');
  return {
    type: error.name,
    message: fromDatabase && QUOTES_VALUES.test(String(error.code)) ? 'refused a value' : redactText(error.message),
    ...Object.fromEntries(known.map(([name, value]) => [name, redactText(String(value))])),
    stack: framesOf(error),
    ...(error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) }),
  };
}

/** The first lines of a stack repeat the message. */
function framesOf(error: Error): string {
  const lines = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return lines.map((line) => line.trim()).join('\n');
}
