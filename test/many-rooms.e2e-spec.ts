import { EventLog } from '../src/events/event-log.js';
import { channelStreams } from '../src/modules/channels/index.js';
import { ChatWorld, type MessageRecord, made, messagesPath, outcome, roomPath, send, upTo } from './chat.fixture.js';
import { ChannelWorld } from './channels.fixture.js';
import { itWith, TEST_DATABASE_URL } from './support/services.js';

/** The embedded database works while nothing else happens in this process, so nothing can come to share its commits. */
const EMBEDDED = TEST_DATABASE_URL === null;

/** Runs until told to stop; the longest time is a fault, not a proof. */
async function flood(writers: (() => Promise<boolean>)[], meanwhile: () => Promise<void>): Promise<void> {
  let over = false;
  const all = writers.map(async (write) => {
    while (!over) if (!(await write())) return;
  });
  await meanwhile();
  over = true;
  await Promise.all(all);
}

/** Follows what is written by one statement that is a transaction by itself. */
function sharedWrites({ server }: { server: { app: { get(token: typeof EventLog): EventLog } } }) {
  const log = server.app.get(EventLog);
  const seen = { ofSeveralRooms: false, ofSeveralMessages: false };
  const { appendAlone } = log;
  jest.spyOn(log, 'appendAlone').mockImplementation(async (...args) => {
    const appended = await appendAlone.apply(log, args);
    const streams = appended.filter((event) => event !== null).map(({ stream }) => stream);
    if (new Set(streams).size > 1) seen.ofSeveralRooms = true;
    if (new Set(streams).size < streams.length) seen.ofSeveralMessages = true;
    return appended;
  });
  return seen;
}

// Real: the whole server over HTTP, on the database of the run.
describe('writing to many rooms at once', () => {
  describe('channels', () => {
    let world: ChannelWorld;

    beforeAll(async () => (world = await ChannelWorld.open()));
    afterAll(() => world.close());

    it('what is acknowledged is there once and in order, and one that closes stops while the others go on', async () => {
      const ann = await world.member('Ann');
      const names = upTo(16).map((number) => `busy-${number}`);
      const ids = new Map<string, number>();
      for (const name of names) ids.set(name, (await world.channel(name, { other_permissions: 'publish' })).id);
      const log = world.server.app.get(EventLog);
      const acknowledged = new Map<string, number[]>(names.map((name) => [name, []]));
      const statuses = new Map<string, number[]>(names.map((name) => [name, []]));
      const publish = (name: string) => async (): Promise<boolean> => {
        const reply = await ann.http.post<{ id: number }>(`/api/channels/${name}/publish`, { payload: { name } });
        statuses.get(name)!.push(reply.status);
        if (reply.status === 201) acknowledged.get(name)!.push(reply.body.id);
        return reply.status === 201;
      };
      const writers = [...names, ...names].map(publish);
      const writes = sharedWrites(world);
      const countOf = (name: string): number => acknowledged.get(name)!.length;
      await flood(writers, async () => {
        await until(() => names.every((name) => countOf(name) > 3));
        await world.change('busy-7', { other_permissions: 'subscribe' });
        const closedAt = countOf('busy-7');
        // Those that were under way when it closed come before it.
        await until(() => names.every((name) => name === 'busy-7' || countOf(name) > closedAt + 5));
        await until(() => writes.ofSeveralRooms || EMBEDDED);
        await until(() => writes.ofSeveralRooms || EMBEDDED);
      });
      expect(statuses.get('busy-7')!.slice(-2)).toEqual([403, 403]);
      for (const name of names) {
        if (name !== 'busy-7') expect(new Set(statuses.get(name))).toEqual(new Set([201]));
        const events = await log.read(channelStreams.channel(ids.get(name)!), 0, 100_000);
        expect(events.map(({ seq }) => seq)).toEqual(upTo(events.length));
        const messages = events.filter(({ type }) => type === 'message');
        expect(messages.map(({ seq }) => seq)).toEqual(acknowledged.get(name)!.toSorted((a, b) => a - b));
        const change = events.findIndex(({ type }) => type === 'channel');
        expect(change).toBe(name === 'busy-7' ? events.length - 1 : -1);
      }
    });
  });

  describe('one of them alone', () => {
    itWith(['postgres'], 'what comes to a channel while it is written to shares the next commit', async () => {
      const world = await ChannelWorld.open();
      const ann = await world.member('Ann');
      await world.channel('busy', { other_permissions: 'publish' });
      const writes = sharedWrites(world);
      const publish = async (): Promise<boolean> =>
        (await ann.http.post('/api/channels/busy/publish', { payload: {} })).status === 201;
      await flood(Array<typeof publish>(12).fill(publish), () => until(() => writes.ofSeveralMessages));
      await world.close();
    });

    itWith(['postgres'], 'and what comes to a chat room', async () => {
      const world = await ChatWorld.open();
      const people = await Promise.all(upTo(6).map((number) => world.member(`Person ${number}`)));
      const room = await world.group(people[0]!, people.slice(1));
      const writes = sharedWrites(world);
      const say = (person: (typeof people)[number]) => async (): Promise<boolean> =>
        (await person.http.post(messagesPath(room), { body: 'Hello' })).status === 201;
      await flood([...people, ...people].map(say), () => until(() => writes.ofSeveralMessages));
      await world.close();
    });
  });

  describe('chat rooms', () => {
    let world: ChatWorld;

    beforeAll(async () => (world = await ChatWorld.open()));
    afterAll(() => world.close());

    it('each message is told once, under its sender, and nothing of who has been taken out of one of them', async () => {
      const [ann, bob] = [await world.member('Ann'), await world.member('Bob')];
      const rooms = await Promise.all(upTo(12).map(() => world.group(ann, [bob])));
      const sent: MessageRecord[] = [];
      const say = (person: typeof ann, room: (typeof rooms)[number]) => async (): Promise<boolean> => {
        const reply = await person.http.post<MessageRecord>(messagesPath(room), { body: `by ${person.id}` });
        if (reply.status === 201) sent.push(reply.body);
        else expect([person, reply.status]).toEqual([bob, 404]);
        return reply.status === 201;
      };
      const lost = rooms[5]!;
      const writes = sharedWrites(world);
      await flood(
        rooms.flatMap((room) => [say(ann, room), say(bob, room)]),
        async () => {
          await until(() => sent.length > 60);
          await made(ann.http.delete(`${roomPath(lost)}/participants/${bob.id}`));
          // What members are called is part of what their messages say.
          await made(ann.http.patch('/api/me', { name: 'Anna' }));
          const before = sent.length;
          await until(() => sent.length > before + 60);
          await until(() => writes.ofSeveralRooms || EMBEDDED);
        },
      );
      expect(await outcome(bob.http.post(messagesPath(lost), { body: 'Let me in' }))).toEqual([404, expect.anything()]);
      expect((await send(ann, lost, 'Gone')).sender).toMatchObject({ name: 'Anna' });
      for (const room of rooms) {
        const events = await world.roomEvents(room);
        expect(events.map(({ seq }) => seq)).toEqual(upTo(events.length));
        const told = events.filter(({ type }) => type === 'message').map(({ resource }) => resource as MessageRecord);
        const own = sent.filter(({ chat_room_uuid }) => chat_room_uuid === room.uuid);
        const ids = told.map(({ id }) => id);
        expect(ids).toEqual(ids.toSorted((a, b) => a - b));
        for (const message of own) expect(told).toContainEqual(message);
        expect(told).toHaveLength(own.length + (room === lost ? 1 : 0));
        for (const { body, sender } of told) {
          const { community_member_id } = sender as { community_member_id: number };
          if (body.startsWith('by')) expect(body).toBe(`by ${community_member_id}`);
        }
      }
      const events = await world.roomEvents(lost);
      const removal = events.findIndex(({ type, action }) => type === 'participant' && action === 'deleted');
      const after = events.slice(removal + 1).filter(({ type }) => type === 'message');
      expect(after.filter(({ author }) => author && 'member' in author && author.member === bob.id)).toEqual([]);
      expect(after.length).toBeGreaterThan(0);
    });
  });
});

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await new Promise((resolve) => setImmediate(resolve));
}
