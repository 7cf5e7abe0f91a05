import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { INestApplicationContext } from '@nestjs/common';
import { Doors } from '../../src/realtime/asyncapi/doors.js';
import { FrameCheck } from './frame-check.js';
import { ServerFrames } from './server-frames.js';

/**
 * Reads along what a server of this process sends, where it leaves: every frame has to be as `/asyncapi.json` says. What
 * is not fails the file at its end.
 */
export function watchFrames(app: INestApplicationContext & { getHttpServer(): Server }): void {
  const doors = app.get(Doors);
  const rooms = doors.rooms();
  const checks = doors.all().map((door): [RegExp, FrameCheck] => [pathOf(door.path), new FrameCheck(door, rooms)]);
  const find = ({ url = '/' }: IncomingMessage): FrameCheck | undefined =>
    checks.find(([path]) => path.test(url.split('?', 1)[0]!))?.[1];
  app.getHttpServer().prependListener('upgrade', (request: IncomingMessage, stream: Duplex) => {
    const check = find(request);
    if (check) readAlong(stream, check);
  });
  app.getHttpServer().prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const check = find(request);
    if (check) readReply(request, response, check);
  });
}

function pathOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/{\w+}/g, '[^/]+')}/?$`);
}

function readAlong(stream: Duplex, check: FrameCheck): void {
  const read = check.door.protocol === 'socket.io' ? readPacket : readJson;
  const frames = new ServerFrames((text) => check.text(text, () => read(text, check)));
  tap(stream, 'write', (chunk) => frames.take(chunk));
}

function readReply({ method, url = '' }: IncomingMessage, response: ServerResponse, check: FrameCheck): void {
  if (method !== 'GET') return;
  const { protocol } = check.door;
  if (protocol === 'sse') tap(response, 'write', (chunk) => readEvents(chunk.toString(), check));
  if (protocol === 'socket.io' || protocol === 'http') {
    tap(response, 'end', (chunk) => {
      if (response.statusCode !== 200) return;
      // Whoever names the fields that they want gets no others.
      if (protocol === 'http' && !/[?&](?:excluded_)?fields=/.test(url)) readJson(chunk.toString(), check);
      if (protocol === 'socket.io') packetsIn(chunk.toString()).forEach((packet) => readPacket(packet, check));
    });
  }
}

/** Hands on what is written, after a look at it. */
function tap<Name extends 'write' | 'end'>(
  target: { [name in Name]: (...args: never[]) => unknown },
  name: Name,
  look: (chunk: Buffer) => void,
): void {
  const original = target[name] as (...args: unknown[]) => unknown;
  const tapped = (...args: unknown[]): unknown => {
    const [chunk] = args;
    if (typeof chunk === 'string') look(Buffer.from(chunk));
    else if (Buffer.isBuffer(chunk)) look(chunk);
    return original.apply(target, args);
  };
  (target as Record<Name, unknown>)[name] = tapped;
}

function readJson(text: string, check: FrameCheck): void {
  check.unnamed(JSON.parse(text));
}

/** Of the packets of Engine.IO and Socket.IO only events and acknowledgements are ours. */
function readPacket(text: string, check: FrameCheck): void {
  const [, kind, content] = /^4([23])\d*(\[.*)$/s.exec(text) ?? [];
  if (content === undefined) return;
  const [first, ...rest] = JSON.parse(content) as unknown[];
  if (kind === '3') check.reply(first);
  else check.named(String(first), rest[0]);
}

/** What a poll of Socket.IO brings: in protocol 4 packets with a mark between them, in 3 each with its length before it. */
function packetsIn(body: string): string[] {
  if (!/^\d+:/.test(body)) return body.split('\x1e');
  const packets: string[] = [];
  for (let rest = body; rest !== '';) {
    const [head, length] = /^(\d+):/.exec(rest)!;
    packets.push(rest.slice(head.length, head.length + Number(length)));
    rest = rest.slice(head.length + Number(length));
  }
  return packets;
}

function readEvents(text: string, check: FrameCheck): void {
  for (const block of text.split('\n\n')) {
    const data = /^data: (.*)$/m.exec(block)?.[1];
    if (data === undefined) continue;
    const name = /^event: (.*)$/m.exec(block)?.[1] ?? 'message';
    check.text(`${name} ${data}`, () => check.named(name, JSON.parse(data)));
  }
}
