import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import {
  allMessages,
  at,
  type MessagePage,
  type MessageRecord,
  openGroup,
  roomOf,
  type RoomRecord,
  ticket,
} from './support/chat.js';
import { createDataDir } from './support/database-image.js';
import type { HttpReply } from './support/http-client.js';
import { ADMIN } from './support/nodes.js';
import { logIn, type Person, register } from './support/people.js';
import { createPrivateDatabase } from './support/private-database.js';
import { RestartableServer } from './support/restartable-server.js';
import { ResumingClient } from './support/resuming-client.js';
import { itWith } from './support/services.js';

const WRITERS = 16;
const SUBSCRIBERS = 2;
const PUBLISHERS = 4;
const KILLS = 2;
const CHANNEL = 'crashes';
const MAX_ATTEMPTS = 100;

interface Conversation {
  room: RoomRecord;
  subscribers: ResumingClient[];
}

/** What the server said yes to: the id and the room under each creation_uuid. */
class Acknowledged {
  readonly idOf = new Map<string, number>();
  readonly roomOf = new Map<string, string>();
  /** Sends that got no answer, because the server died under them. */
  interrupted = 0;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_value, index) => index + 1);

async function openConversation(server: RestartableServer, owner: Person, people: Person[]): Promise<Conversation> {
  const { url } = await server.current();
  const room = await openGroup(owner, people);
  const subscribers = await Promise.all(
    upTo(SUBSCRIBERS).map(async () => new ResumingClient(owner.token, roomOf(room), await ticket(owner, roomOf(room)))),
  );
  const connect = (at: string): Promise<unknown> => Promise.all(subscribers.map((client) => client.connect(at)));
  await connect(url);
  server.onRestart(async (next) => void (await connect(next.url)));
  return { room, subscribers };
}

/** Sends until the server has said yes, through as many of its lives as that takes; always the same message. */
async function sendForSure(server: RestartableServer, writer: Person, room: RoomRecord, text: string) {
  const creation_uuid = randomUUID();
  for (let interrupted = 0; interrupted < MAX_ATTEMPTS; interrupted += 1) {
    const { http } = at(await server.current(), writer);
    const path = `/api${roomOf(room)}/messages`;
    const reply: HttpReply<MessageRecord> | null = await http
      .post<MessageRecord>(path, { body: text, creation_uuid })
      .catch(() => null);
    if (reply === null) continue;
    expect([200, 201]).toContain(reply.status);
    return { message: reply.body, creation_uuid, interrupted };
  }
  throw new Error(`No answer after ${MAX_ATTEMPTS} attempts`);
}

/** All writers send to both rooms in turn; the server dies in the middle of it, several times. */
async function writeThroughCrashes(
  server: RestartableServer,
  writers: Person[],
  conversations: Conversation[],
  sends: number,
): Promise<Acknowledged> {
  const acknowledged = new Acknowledged();
  const crashes: Promise<unknown>[] = [];
  let started = 0;
  const write = async (writer: Person): Promise<void> => {
    while (started < sends) {
      const number = (started += 1);
      const { room } = conversations[number % conversations.length]!;
      const sent = await sendForSure(server, writer, room, `message ${number}`);
      acknowledged.idOf.set(sent.creation_uuid, sent.message.id);
      acknowledged.roomOf.set(sent.creation_uuid, room.uuid);
      acknowledged.interrupted += sent.interrupted;
      const due = Math.floor((acknowledged.idOf.size * (KILLS + 1)) / sends);
      if (crashes.length < Math.min(due, KILLS)) crashes.push(server.crash());
    }
  };
  await Promise.all(writers.map(write));
  await Promise.all(crashes);
  return acknowledged;
}

async function expectNothingLost(
  server: RestartableServer,
  person: Person,
  { room, subscribers }: Conversation,
  acknowledged: Acknowledged,
): Promise<number> {
  const { url, http } = await server.current();
  const reader = at({ http }, person);
  const stored = await allMessages(reader, room);
  const wanted = [...acknowledged.idOf].filter(([uuid]) => acknowledged.roomOf.get(uuid) === room.uuid);
  const inOrder = (entries: [string, number][]) => entries.sort(([, one], [, other]) => one - other);
  expect(stored.map(({ creation_uuid, id }) => [creation_uuid, id])).toEqual(inOrder(wanted));

  const { body } = await reader.http.get<MessagePage>(`/api${roomOf(room)}/messages?limit=1`);
  const newcomer = new ResumingClient(person.token, roomOf(room), await ticket(reader, roomOf(room)));
  await newcomer.connect(url);
  await newcomer.reached(body.position);
  expect(newcomer.seen.map((frame) => frame.id)).toEqual(upTo(body.position));
  const told = newcomer.seen.filter((frame) => frame.type === 'message');
  expect(inOrder(told.map(({ resource }) => [resource.creation_uuid as string, resource.id as number]))).toEqual(
    inOrder(wanted),
  );
  for (const subscriber of subscribers) {
    await subscriber.reached(body.position);
    expect(subscriber.seen).toEqual(newcomer.seen);
    expect(subscriber.joins).toHaveLength(server.lives);
    expect(subscriber.joins.filter((join) => join.resync === true)).toEqual([]);
    subscriber.close();
  }
  newcomer.close();
  return stored.length;
}

/** Publishes to a channel while `going`. What got no answer is not sent again: it may be there or not. */
async function publish(server: RestartableServer, person: Person, going: () => boolean): Promise<Map<number, string>> {
  const acknowledged = new Map<number, string>();
  for (let number = 1; going(); number += 1) {
    const { http } = at(await server.current(), person);
    const text = `${person.id}: ${number}`;
    const reply = await http
      .post<{ id: number }>(`/api/channels/${CHANNEL}/publish`, { payload: { text } })
      .catch(() => null);
    if (reply === null) continue;
    expect(reply.status).toBe(201);
    acknowledged.set(reply.body.id, text);
  }
  return acknowledged;
}

async function expectPublished(server: RestartableServer, person: Person, acknowledged: Map<number, string>) {
  const { url, http } = await server.current();
  const room = `/channels/${CHANNEL}`;
  const reader = at({ http }, person);
  const { body } = await reader.http.get<{ position: number }>(`/api${room}/history`);
  const listener = new ResumingClient(person.token, room, await ticket(reader, room));
  await listener.connect(url);
  await listener.reached(body.position);
  listener.close();
  expect(listener.seen.map(({ id }) => id)).toEqual(upTo(body.position));
  const texts = new Map(listener.seen.map(({ id, resource }) => [id, (resource.payload as { text?: string })?.text]));
  for (const [id, text] of acknowledged) expect([id, texts.get(id)]).toEqual([id, text]);
  const published = [...texts.values()].filter((text) => text !== undefined);
  expect(new Set(published).size).toBe(published.length);
}

async function proveThatNothingIsLost(env: Record<string, string>, sends: number): Promise<void> {
  const server = await RestartableServer.start({ ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password, ...env });
  try {
    const { http } = await server.current();
    const boss = await logIn(http, ADMIN.email, ADMIN.password);
    const channel = { name: CHANNEL, custom_publish: true, other_permissions: 'publish' };
    expect((await boss.http.post('/api/channels', channel)).status).toBe(201);
    const people: Person[] = [];
    for (const number of upTo(WRITERS)) people.push(await register(http, `Writer ${number}`));
    const [owner, ...others] = people as [Person, ...Person[]];
    const conversations = [
      await openConversation(server, owner, others),
      await openConversation(server, owner, others),
    ];
    let writing = true;
    const published = people.slice(0, PUBLISHERS).map((person) => publish(server, person, () => writing));
    const acknowledged = await writeThroughCrashes(server, people, conversations, sends);
    writing = false;
    const messages = await Promise.all(published);
    expect(server.lives).toBe(KILLS + 1);
    expect(acknowledged.interrupted).toBeGreaterThanOrEqual(KILLS);
    let stored = 0;
    for (const conversation of conversations) {
      stored += await expectNothingLost(server, owner, conversation, acknowledged);
    }
    expect(stored).toBe(sends);
    await expectPublished(server, owner, new Map(messages.flatMap((each) => [...each])));
  } finally {
    await server.end();
  }
}

// Real: the compiled server as a process that is killed with SIGKILL, its database on disk, HTTP and the stock client.
describe('a kill -9 in the middle of acknowledged sends by 16 writers', () => {
  it('loses nothing on the embedded database', async () => {
    const dataDir = await createDataDir();
    try {
      await proveThatNothingIsLost({ DATA_DIR: dataDir, DATABASE_URL: '' }, 600);
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });

  itWith(['postgres'], 'loses nothing on PostgreSQL', async () => {
    const database = await createPrivateDatabase();
    try {
      await proveThatNothingIsLost({ DATABASE_URL: database.url, JWT_SECRET: 'x'.repeat(40) }, 2_000);
    } finally {
      await database.drop();
    }
  });
});
