import { made } from './cable.fixture.js';
import { at, openGroup, roomOf, type RoomRecord, send } from './support/chat.js';
import type { HttpClient } from './support/http-client.js';
import { LiveClient } from './support/live-client.js';
import { ADMIN, type Nodes, startNodes } from './support/nodes.js';
import { logIn, type Person, register } from './support/people.js';
import type { ResourceFrame } from './support/socket-client.js';
import type { TestServer } from './support/start-server.js';

/** What is told of one event: its number, what happened, and what about. */
export type Told = [number: number, action: string, content: unknown];

/** What is talked in, and what of an event in it every door has to tell alike. */
export interface Place {
  room(world: MatrixWorld): string;
  content(resource: Record<string, unknown>): unknown;
}

/** The times of `/v1.1` have six digits. */
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replace(/(\.\d{3})000Z/g, '$1Z')) as unknown;

/** What is told in two places is told in the first of them before. */
export const PLACES = {
  objects: {
    room: () => '/classes/things',
    content: ({ id, text }: Record<string, unknown>) => ({ id, text }),
  },
  channel: {
    room: () => '/channels/matrix',
    content: ({ payload, metadata }: Record<string, unknown>) => plain({ payload, metadata }),
  },
  document: {
    room: () => '/resources/live-config/~:default/matrix',
    content: ({ value, version }: Record<string, unknown>) => ({ value, version }),
  },
  conversation: {
    room: (world: MatrixWorld) => roomOf(world.talk),
    content: ({ id, body, sender }: Record<string, unknown>) => ({ id, body, sender }),
  },
} satisfies Record<string, Place>;
export type PlaceName = keyof typeof PLACES;

interface Worded {
  text?: unknown;
  body?: unknown;
  payload?: Worded;
  value?: Worded | null;
}

/** The words of a content, whatever door it came in by. */
export function textOf(content: unknown): unknown {
  const { payload, value, text, body } = content as Worded;
  return (payload ?? value)?.text ?? text ?? body;
}

export function toldOf(place: PlaceName, { id, action, resource }: ResourceFrame): Told {
  return [id, action, PLACES[place].content(resource)];
}

/** People, a channel and a conversation, on two nodes where the services of the run allow it. */
export class MatrixWorld {
  private constructor(
    private readonly running: Nodes,
    readonly boss: Person,
    readonly ann: Person,
    readonly bob: Person,
    readonly talk: RoomRecord,
    private readonly key: string,
  ) {}

  static async open(): Promise<MatrixWorld> {
    const running = await startNodes({ POLL_TIMEOUT_SECONDS: '1' });
    const { http } = running.nodes[0];
    const boss = await logIn(http, ADMIN.email, ADMIN.password);
    const [ann, bob] = [await register(http, 'Ann'), await register(http, 'Bob')];
    await made(boss.http.post('/api/channels', { name: 'matrix', custom_publish: true, other_permissions: 'publish' }));
    const schema = [{ name: 'text', type: 'string' }];
    await made(boss.http.post('/api/classes', { name: 'things', schema, other_permissions: 'create_objects' }));
    const { body } = await boss.http.post<{ api_key: string }>('/api/api-keys', { ignore_acl: true });
    const talk = await openGroup(ann, [bob], { name: 'Matrix' });
    return new MatrixWorld(running, boss, ann, bob, talk, body.api_key);
  }

  get nodes(): [TestServer, TestServer] {
    return this.running.nodes;
  }

  /** A program that speaks with a node under `/v1.1`. */
  program(node: TestServer): HttpClient {
    return node.http.with(this.programHeaders);
  }

  get programHeaders(): Record<string, string> {
    return { 'x-api-key': this.key };
  }

  close(): Promise<void> {
    return this.running.close();
  }
}

/** A way in, and where it is told. */
export interface Publisher {
  name: string;
  places: PlaceName[];
  publish(world: MatrixWorld, node: TestServer, text: string): Promise<unknown>;
}

const V1 = '/v1.1/instances/main';

/** The doors to publish through: a new one joins with an entry. */
export const PUBLISHERS: Publisher[] = [
  {
    name: 'a publish under /api',
    places: ['channel'],
    publish: ({ ann }, node, text) =>
      made(at(node, ann).http.post('/api/channels/matrix/publish', { payload: { text, half: '½ \u{1f600}' } })),
  },
  {
    name: 'a publish under /v1.1',
    places: ['channel'],
    publish: (world, node, text) =>
      made(world.program(node).post(`${V1}/channels/matrix/publish/`, { payload: { text, deep: [{ a: null }] } })),
  },
  {
    name: 'an object under /api',
    places: ['channel', 'objects'],
    publish: ({ ann }, node, text) =>
      made(
        at(node, ann).http.post('/api/classes/things/objects', { text, channel: 'matrix', other_permissions: 'read' }),
      ),
  },
  {
    name: 'an object under /v1.1',
    places: ['channel', 'objects'],
    publish: (world, node, text) =>
      made(
        world
          .program(node)
          .post(`${V1}/classes/things/objects/`, { text, channel: 'matrix', other_permissions: 'read' }),
      ),
  },
  {
    name: 'a message over /live',
    places: ['channel'],
    async publish({ ann }, node, text) {
      const client = await LiveClient.open(node.url, ann.token);
      const { EventType } = await client.ask('new-message', { topic: 'matrix', message: { text, list: [1, 'two'] } });
      expect(EventType).toBe('response');
      client.close();
    },
  },
  {
    name: 'a document',
    places: ['document'],
    publish: ({ boss }, node, text) =>
      made(at(node, boss).http.put('/api/resources/live-config/matrix', { value: { text } })),
  },
  {
    name: 'a chat message',
    places: ['conversation'],
    publish: ({ ann, talk }, node, text) => send(at(node, ann), talk, text),
  },
];
