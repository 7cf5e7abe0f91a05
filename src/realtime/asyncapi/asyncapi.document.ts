import { z } from 'zod';
import type { Credential, DoorDescription, Frames } from './door-description.js';
import type { RoomDescription } from './doors.js';
import { roomEvent } from './room-event.js';
import { SharedSchemas } from './shared-schemas.js';

export interface AsyncApiInfo {
  title: string;
  version: string;
  description: string;
}

type Part = Record<string, unknown>;

/** Everything that comes and goes over the socket doors, as AsyncAPI 3 (https://www.asyncapi.com). */
export function asyncApiDocument(info: AsyncApiInfo, doors: DoorDescription[], rooms: RoomDescription[]): Part {
  const schemas = new SharedSchemas();
  const carriers = doors.filter(({ roomFrame }) => roomFrame !== null);
  const doorParts = doors.map((door) => doorPart(door, schemas));
  const roomParts = rooms.map((room) => roomPart(room, carriers, schemas));
  const parts = [...doorParts, ...roomParts];
  return {
    asyncapi: '3.0.0',
    info,
    defaultContentType: 'application/json',
    servers: Object.fromEntries(doors.map((door) => [door.name, serverPart(door)])),
    channels: Object.fromEntries(parts.map(({ name, channel }) => [name, channel])),
    operations: Object.assign({}, ...parts.map(({ operations }) => operations)) as Part,
    components: {
      schemas: schemas.all,
      serverVariables: { host: { default: 'localhost:3000', description: 'Where the server answers.' } },
    },
  };
}

function serverPart({ protocol, about, credentials }: DoorDescription): Part {
  return {
    host: '{host}',
    protocol,
    description: about,
    variables: { host: ref('components', 'serverVariables', 'host') },
    ...(credentials.length > 0 ? { security: credentials.map(securityPart) } : {}),
  };
}

function securityPart({ in: place, name }: Credential): Part {
  if (name === 'Authorization') return { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' };
  return { type: 'httpApiKey', in: place, name };
}

function doorPart(door: DoorDescription, schemas: SharedSchemas) {
  const { name, path, query, protocol, receives, sends, replies } = door;
  const handshake = query && schemas.add(query, 'input');
  const httpQuery = handshake && (protocol === 'http' || protocol === 'sse');
  const bindings = httpQuery ? { http: { method: 'GET', query: handshake } } : undefined;
  const messages = {
    ...messageParts(receives, schemas, 'input'),
    ...messageParts(sends, schemas, 'output'),
    ...messageParts(named(replies, replyName), schemas, 'output'),
  };
  const channel = {
    address: path,
    ...parametersOf(path),
    servers: [ref('servers', name)],
    ...(handshake && !httpQuery ? { bindings: { ws: { method: 'GET', query: handshake } } } : {}),
    messages,
  };
  const plain = Object.keys(receives).filter((frame) => !(frame in replies));
  const operations: Part = {};
  if (plain.length > 0) operations[`${name}.receive`] = operation('receive', name, plain);
  if (Object.keys(sends).length > 0) {
    operations[`${name}.send`] = { ...operation('send', name, Object.keys(sends)), ...(bindings && { bindings }) };
  }
  for (const frame of Object.keys(replies)) {
    const reply = { channel: ref('channels', name), messages: [messageRef(name, replyName(frame))] };
    operations[`${name}.${keyOf(frame)}`] = { ...operation('receive', name, [frame]), reply };
  }
  return { name, channel, operations };
}

function roomPart({ pattern, from, told }: RoomDescription, carriers: DoorDescription[], schemas: SharedSchemas) {
  const address = pattern.replace(/:(\w+)/g, '{$1}');
  const name = `rooms${keyOf(pattern)}`;
  const frames = Object.entries(told).map(([type, resource]): [string, z.ZodType] => [
    type,
    roomEvent(resource, z.literal(type)),
  ]);
  const channel = {
    address,
    title: `Room ${address}`,
    summary: from.length > 0 ? `Fed by ${from.join(', ')}.` : 'Nothing that is logged, or not described.',
    ...parametersOf(address),
    servers: carriers.map((door) => ref('servers', door.name)),
    messages: messageParts(Object.fromEntries(frames), schemas, 'output'),
  };
  const types = frames.map(([type]) => type);
  const description = carriers.map((door) => `Over ${door.name} in the frame \`${door.roomFrame}\`.`).join(' ');
  const operations = types.length > 0 ? { [`${name}.send`]: { ...operation('send', name, types), description } } : {};
  return { name, channel, operations };
}

function operation(action: 'send' | 'receive', channel: string, frames: string[]): Part {
  return { action, channel: ref('channels', channel), messages: frames.map((frame) => messageRef(channel, frame)) };
}

function messageParts(frames: Frames, schemas: SharedSchemas, io: 'input' | 'output'): Part {
  return Object.fromEntries(
    Object.entries(frames).map(([name, schema]) => {
      const summary = schema?.description;
      return [keyOf(name), { name, ...(summary && { summary }), ...(schema && { payload: schemas.add(schema, io) }) }];
    }),
  );
}

function parametersOf(address: string): Part {
  const names = [...address.matchAll(/{(\w+)}/g)].map(([, name]) => name!);
  return names.length > 0 ? { parameters: Object.fromEntries(names.map((name) => [name, {}])) } : {};
}

function named(frames: Frames, rename: (name: string) => string): Frames {
  return Object.fromEntries(Object.entries(frames).map(([name, schema]) => [rename(name), schema]));
}

function replyName(frame: string): string {
  return `${frame}:reply`;
}

function messageRef(channel: string, frame: string): Part {
  return ref('channels', channel, 'messages', keyOf(frame));
}

/** Names with other characters would have to be escaped in references. */
function keyOf(name: string): string {
  return name.replace(/[^\w-]+/g, '.');
}

function ref(...path: string[]): Part {
  return { $ref: `#/${path.join('/')}` };
}
