import { referenceOf } from '../src/dialects/daptin/live.references.js';
import { SessionRegistry } from '../src/realtime/session-registry.js';
import { heardBefore, LiveWorld, made, refusal } from './live.fixture.js';
import { ticket } from './support/chat.js';
import type { LiveClient } from './support/live-client.js';
import type { Person } from './support/people.js';
import { RawWebSocket } from './support/raw-web-socket.js';
import { openSocket } from './support/socket-client.js';

interface History {
  records: { payload: unknown; action: string }[];
}

// Real: HTTP, the stock Socket.IO client and plain WebSockets, on two nodes where the services of the run allow it.
describe('channels as topics on /live', () => {
  let world: LiveWorld;
  let ann: Person;
  let bob: Person;
  let topic: string;
  let speaker: LiveClient;

  beforeAll(async () => {
    world = await LiveWorld.open();
    [ann, bob] = (await world.people('Ann', 'Bob')) as [Person, Person];
  });
  beforeEach(async () => {
    topic = await world.topic(ann);
    speaker = await world.connect(ann);
  });
  afterEach(() => world.hangUp());
  afterAll(() => world.close());

  it('what is published through any door arrives through every other one, and one history has all of it', async () => {
    const client = await world.listen(bob, topic, {}, 1);
    const room = `/channels/${encodeURIComponent(topic)}`;
    const socket = await (await openSocket(world.server.url)).authenticate(bob.token);
    await socket.join(room, await ticket(bob, room));
    const { body: key } = await world.boss.http.post<{ id: number; api_key: string }>('/api/api-keys', {
      ignore_acl: true,
    });

    await made(speaker.ask('new-message', { topic, message: { by: 'live' } }));
    expect((await ann.http.post(`/api${room}/publish`, { payload: { by: 'rest' } })).status).toBe(201);
    const program = world.server.http.with({ 'x-api-key': key.api_key });
    const wire = `/v1.1/instances/main/channels/${encodeURIComponent(topic)}/publish/`;
    expect((await program.post(wire, { payload: { by: 'v1.1' } })).status).toBe(201);

    const doors = ['live', 'rest', 'v1.1'];
    const heard = await heardBefore(client, speaker, topic);
    expect(heard.map(({ EventData }) => EventData.by)).toEqual(doors);
    const [members, keys] = [referenceOf('members', ann.id), referenceOf('api_keys', key.id)];
    expect(heard.map(({ MessageSource }) => MessageSource)).toEqual([members, members, keys]);
    expect(heard.every(({ EventType }) => EventType === 'new-message')).toBe(true);
    await socket.next('realtime:resource', ({ resource }) => 'last' in (resource as { payload: object }).payload);
    const bySocket = socket.resources(room).map(({ resource }) => (resource.payload as { by?: string }).by);
    expect(bySocket.slice(0, 3)).toEqual(doors);
    const { body } = await bob.http.get<History>(`/api${room}/history`);
    expect(body.records.reverse().slice(0, 3)).toMatchObject(
      doors.map((by) => ({ action: 'custom', payload: { by } })),
    );
    socket.close();
  });

  it('what happens to the objects of a channel is told there, too', async () => {
    const schema = [{ name: 'title', type: 'string' }];
    await world.boss.http.post('/api/classes', { name: 'book', schema });
    await world.boss.http.post('/api/channels', { name: 'books', other_permissions: 'publish' });
    const client = await world.listen(bob, 'books');
    const { body } = await ann.http.post<{ id: number }>('/api/classes/book/objects', {
      title: 'One',
      channel: 'books',
    });
    await ann.http.patch(`/api/classes/book/objects/${body.id}`, { title: 'Two' });
    await client.next(({ EventData }) => EventData.title === 'Two');
    expect(client.events('books').map(({ EventType, EventData }) => [EventType, EventData.title])).toEqual([
      ['new-message', 'One'],
      ['new-message', 'Two'],
    ]);
    expect(await refusal(speaker.ask('new-message', { topic: 'books', message: {} }))).toBe('permission denied: books');
  });

  it('each room of a channel with separate rooms is a topic of its own', async () => {
    const rooms = { type: 'separate_rooms', other_permissions: 'publish', custom_publish: true };
    await world.boss.http.post('/api/channels', { name: 'lobby', ...rooms });
    const client = await world.listen(bob, 'lobby/one');
    const all = await world.listen(world.boss, 'lobby');
    const none = await world.listen(bob, 'lobby');
    for (const room of ['two', 'one']) {
      await made(speaker.ask('new-message', { topic: `lobby/${room}`, message: { room } }));
    }
    expect((await heardBefore(client, speaker, 'lobby/one')).map(({ EventData }) => EventData.room)).toEqual(['one']);
    await all.next(({ EventData }) => 'last' in EventData);
    expect(
      all
        .events('lobby')
        .slice(0, 2)
        .map(({ EventData }) => EventData.room),
    ).toEqual(['two', 'one']);
    await none.ask('ping');
    expect(none.events()).toEqual([]);
    const nowhere = speaker.ask('new-message', { topic: 'lobby', message: {} });
    expect(await refusal(nowhere)).toBe('missing or invalid topicName');
  });

  it('who loses a channel is told so, and hears nothing more of it', async () => {
    await world.boss.http.post('/api/channels', { name: 'open', other_permissions: 'publish', custom_publish: true });
    const client = await world.listen(bob, 'open', {}, 1);
    await world.boss.http.patch('/api/channels/open', { other_permissions: 'none' });
    const lost = await client.next(({ EventType }) => EventType === 'error');
    expect(lost).toMatchObject({ ObjectType: 'subscribe', EventData: { error: 'permission denied: open' } });
    expect(await refusal(client.ask('subscribe', { topic: 'open' }))).toBe('permission denied: open');
    expect(await refusal(client.ask('new-message', { topic: 'open', message: {} }))).toBe('permission denied: open');
    const boss = await world.listen(world.boss, 'open');
    expect(await heardBefore(boss, boss, 'open')).toEqual([]);
    await client.ask('ping');
    expect(client.events()).toEqual([]);
  });

  it('a client that keeps its position comes back without a hole; one that cannot is told to start anew', async () => {
    const first = await world.connect(bob);
    const { EventData } = await first.subscribe(topic, { last_id: null });
    expect(EventData).toEqual({ topic, position: expect.any(Number) as number, epoch: expect.any(String) as string });
    const say = (number: number) => made(speaker.ask('new-message', { topic, message: { number } }));
    await say(1);
    const { position } = await first.next(({ MessageSource }) => MessageSource !== 'system');
    first.close();
    await first.closed;
    for (const number of [2, 3, 4]) await say(number);

    const back = await world.connect(bob, 1);
    await back.subscribe(topic, { last_id: position, epoch: EventData.epoch });
    await say(5);
    await back.next(({ EventData: { number } }) => number === 5);
    expect(back.events(topic).map(({ EventData: { number } }) => number)).toEqual([2, 3, 4, 5]);
    expect(back.events(topic).map((frame) => frame.position! - position!)).toEqual([1, 2, 3, 4]);

    const stranger = await world.connect(bob);
    await stranger.subscribe(topic, { last_id: position, epoch: 'another life' });
    expect(await stranger.next(({ EventType }) => EventType === 'resync')).toEqual({
      MessageSource: 'system',
      EventType: 'resync',
      ObjectType: topic,
      EventData: { topic, position: position! + 4, epoch: EventData.epoch },
    });
    for (const last_id of ['1', -1, 1.5, {}]) {
      expect(await refusal(stranger.ask('subscribe', { topic, last_id }))).toBe('invalid position');
    }
  });

  it('a client that stops reading is cut off, everybody else hears all of it', async () => {
    const healthy = await world.listen(bob, topic);
    const stuck = await RawWebSocket.connect(world.server.url, `/live?token=${ann.token}`);
    stuck.send(JSON.stringify({ method: 'subscribe', attributes: { topic }, id: 1 }));
    await stuck.heard('"subscribed"');
    stuck.stopReading();
    const session = [...world.server.app.get(SessionRegistry).ofMember(ann.id)].at(-1)!;
    const speakers = await Promise.all(Array.from({ length: 8 }, () => world.connect(world.boss)));
    const text = 'x'.repeat(20_000);
    let sent = 0;
    const speak = async (speaker: LiveClient): Promise<void> => {
      while (!session.queue.tooSlow) {
        const { EventData } = await made(speaker.ask('new-message', { topic, message: { text, number: (sent += 1) } }));
        expect(EventData.published).toBe(true);
      }
      stuck.readOn();
    };
    await Promise.all(speakers.map(speak));
    await stuck.heard('too slow');
    const numbers = (await heardBefore(healthy, speakers[0]!, topic)).map(
      ({ EventData }) => EventData.number as number,
    );
    expect(numbers.sort((one, other) => one - other)).toEqual(
      Array.from({ length: sent }, (_none, index) => index + 1),
    );
    stuck.close();
  });
});
