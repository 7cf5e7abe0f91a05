import type { DestinationStream } from 'pino';

const NAMES: Record<number, string> = { 10: 'TRACE', 20: 'DEBUG', 30: 'INFO', 40: 'WARN', 50: 'ERROR', 60: 'FATAL' };
const SHOWN_APART = new Set(['level', 'time', 'context', 'msg', 'err']);

interface LogLine {
  level: number;
  time: string;
  context?: string;
  msg?: string;
  err?: { type?: string; message?: string; stack?: string };
}

/** Turns the JSON lines of the log into short ones for a person at a terminal. */
export function readableLines(out: { write(text: string): unknown }): DestinationStream {
  return {
    write: (json: string) => {
      out.write(toReadable(JSON.parse(json) as LogLine & Record<string, unknown>));
    },
  };
}

function toReadable(line: LogLine & Record<string, unknown>): string {
  const { level, time, context, msg, err } = line;
  const rest = Object.fromEntries(Object.entries(line).filter(([name]) => !SHOWN_APART.has(name)));
  const parts = [
    time.slice(11, 23),
    (NAMES[level] ?? String(level)).padEnd(5),
    context ? `[${context}]` : '',
    msg ?? '',
  ];
  if (Object.keys(rest).length > 0) parts.push(JSON.stringify(rest));
  if (err?.message !== undefined) parts.push(`${err.type ?? 'Error'}: ${err.message}`);
  const stack = err?.stack ? `\n${err.stack.replace(/^/gm, '    ')}` : '';
  return `${parts.filter((part) => part !== '').join(' ')}${stack}\n`;
}
