import { heardBefore, LiveWorld, made, refusal } from './live.fixture.js';
import type { LiveClient } from './support/live-client.js';
import { referenceOf } from '../src/dialects/daptin/live.references.js';
import { SessionRegistry } from '../src/realtime/session-registry.js';
import { until } from './support/app-client.js';
import type { Person } from './support/people.js';

// Real: plain WebSockets on two nodes where the services of the run allow it, otherwise on one.
describe('topics on /live', () => {
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

  it('nothing is said on connecting, nor to requests without an id that succeed', async () => {
    const client = await world.connect(bob);
    client.send({ method: 'subscribe', attributes: { topic } });
    client.send({ method: 'new-message', attributes: { topic, message: { text: 'hi' } } });
    client.send({ method: 'unsubscribe', attributes: { topic } });
    await client.ask('ping');
    expect(client.frames).toEqual([
      {
        MessageSource: referenceOf('members', bob.id),
        EventType: 'new-message',
        ObjectType: topic,
        EventData: { text: 'hi' },
      },
      expect.objectContaining({ type: 'pong' }),
    ]);
  });

  it('list-topic alone: every table and channel that one may see, in the one shape, without an id', async () => {
    await world.boss.http.post('/api/channels', { name: 'hidden' });
    const client = await world.connect(bob);
    client.send({ method: 'list-topic' });
    const { EventData, ...frame } = await client.next();
    expect(frame).toEqual({ MessageSource: 'system', EventType: 'response', ObjectType: 'topic-list' });
    const tables = ['members', 'user_account', 'channels', 'chat_rooms', 'chat_room_messages', 'polls', 'user_profile'];
    expect(EventData.topics).toEqual(expect.arrayContaining([...tables, topic]));
    expect(EventData.topics).not.toContain('hidden');
    expect(EventData.topics).not.toContain('default');
    const bossy = await world.connect(world.boss);
    const { EventData: all } = await bossy.ask('list-topicName');
    expect(all.topics).toEqual(expect.arrayContaining(['hidden', 'default', topic]));
  });

  it('subscribe to several with an id: an answer for each, in order, all with that id', async () => {
    const client = await world.connect(bob);
    client.send({ method: 'subscribe', attributes: { topic: ` polls, nope,${topic},,polls` }, id: 7 });
    await client.ask('ping');
    expect(client.frames.slice(0, -1)).toEqual([
      frameOf('subscribed', 'polls', { topic: 'polls' }, 7),
      frameOf('error', 'subscribe', { error: 'topic not found: nope' }, 7),
      frameOf('subscribed', topic, { topic }, 7),
    ]);
  });

  it('create a topic twice, and one called like a table, its alias or a class', async () => {
    expect(await refusal(speaker.ask('create-topic', { name: topic }))).toBe('topic already exists');
    expect(await refusal(speaker.ask('create-topicName', { topicName: topic.toUpperCase() }))).toBe(
      'topic already exists',
    );
    for (const name of ['user_account', 'members', 'Polls', 'user_profile', 'objects']) {
      expect(await refusal(speaker.ask('create-topic', { name }))).toBe('cannot create topic with reserved name');
    }
    for (const name of [undefined, null, 7]) {
      expect(await refusal(speaker.ask('create-topic', { name }))).toBe('missing or invalid name');
    }
    for (const name of ['', ' padded', 'padded ', 'a,b', 'tab\there', 'x'.repeat(201)]) {
      expect(await refusal(speaker.ask('create-topic', { name }))).toBe('invalid topic name');
    }
    const longest = `Ünïcode / 100% "${'x'.repeat(180)}"`;
    await made(speaker.ask('create-topic', { name: longest }));
    await made(speaker.ask('subscribe', { topic: longest }));
    await made(speaker.ask('new-message', { topic: longest, message: { text: 'hi' } }));
    expect(speaker.events(longest)).toHaveLength(1);
  });

  it('destroy a table, an unknown topic and somebody else’s', async () => {
    const client = await world.connect(bob);
    expect(await refusal(client.ask('destroy-topic', { name: 'user_account' }))).toBe('cannot delete system topic');
    expect(await refusal(client.ask('destroy-topic', { name: 'nope' }))).toBe('topic not found');
    expect(await refusal(client.ask('destroy-topic', { name: topic }))).toBe('permission denied');
    await made(client.ask('new-message', { topic, message: {} }));
    expect((await made(speaker.ask('destroy-topic', { name: topic }))).EventData).toEqual({
      topicName: topic,
      destroyed: true,
    });
    expect((await client.ask('list-topic')).EventData.topics).not.toContain(topic);
    const late = client.ask('new-message', { topic, message: {} });
    expect(await refusal(late)).toBe(`topic does not exist: ${topic}`);
  });

  it('a topic that is destroyed ends for all, on all nodes; its successor begins with no subscribers', async () => {
    const listeners = [await world.listen(bob, topic), await world.listen(bob, topic, {}, 1)];
    await made(speaker.ask('subscribe', { topic }));
    await made(speaker.ask('destroy-topic', { name: topic }));
    for (const client of [...listeners, speaker]) {
      if (client !== speaker) {
        const lost = await client.next(({ EventType }) => EventType === 'error');
        expect(lost).toEqual(frameOf('error', 'subscribe', { error: `permission denied: ${topic}` }));
      }
    }
    await made(speaker.ask('create-topic', { name: topic }));
    const witness = await world.listen(bob, topic, {}, 1);
    expect(await heardBefore(witness, speaker, topic)).toEqual([]);
    for (const client of [...listeners, speaker]) {
      await client.ask('ping');
      expect(client.events(topic)).toEqual([]);
    }
    expect((await listeners[0]!.subscribe(topic)).EventData).toEqual({ topic });
  });

  it('who does not subscribe to a topic may publish to it: the others hear it once, on every node', async () => {
    const listeners = [await world.listen(bob, topic), await world.listen(ann, topic, {}, 1)];
    const answer = await made(speaker.ask('new-message', { topicName: topic, message: { text: 'hi' } }));
    expect(answer.EventData).toEqual({ topicName: topic, published: true });
    for (const client of listeners) {
      expect((await heardBefore(client, speaker, topic)).map(({ EventData }) => EventData)).toEqual([{ text: 'hi' }]);
    }
    expect(speaker.events()).toEqual([]);
  });

  it('a message that is no object is published to nobody', async () => {
    const client = await world.listen(bob, topic);
    for (const message of ['text', ['a'], null, undefined, 7]) {
      expect(await refusal(speaker.ask('new-message', { topic, message }))).toBe('missing or invalid message');
    }
    expect(await refusal(speaker.ask('new-message', { message: {} }))).toBe('missing or invalid topicName');
    expect(await refusal(speaker.ask('new-message', { topic: 'nope', message: {} }))).toBe(
      'topic does not exist: nope',
    );
    const large = { text: 'x'.repeat(70_000) };
    expect(await refusal(speaker.ask('new-message', { topic, message: large }))).toBe('message too large');
    expect(await heardBefore(client, speaker, topic)).toEqual([]);
  });

  it('who may make rows of a table talks to all who follow it, on every node, and to those who come back', async () => {
    await world.boss.http.post('/api/classes', { name: 'talk', schema: [] });
    const tables: [string, string, object][] = [
      ['polls', '/api/polls', { question: 'Tea?', options: ['Yes', 'No'] }],
      ['talk', '/api/classes/talk/objects', { other_permissions: 'read' }],
    ];
    for (const [table, path, row] of tables) {
      const client = await world.listen(bob, table, {}, 1);
      const deaf = await world.listen(bob, table, { filters: { EventType: 'create' } });
      const { EventData: begin } = await (await world.connect(bob)).subscribe(table, { last_id: null });
      const [first, ...rest] = [
        { text: 'hi', owner: bob.id },
        { id: 7, __type: table },
      ];
      for (const message of [first, ...rest]) await made(speaker.ask('new-message', { topic: table, message }));
      expect(await heardBefore(client, speaker, table)).toEqual(
        [first, ...rest].map((message) => ({
          MessageSource: referenceOf('members', ann.id),
          EventType: 'new-message',
          ObjectType: table,
          EventData: message,
        })),
      );
      const back = await world.connect(bob);
      await back.subscribe(table, { last_id: begin.position, epoch: begin.epoch });
      const again = await back.next(({ EventType }) => EventType === 'new-message');
      expect(again.EventData).toEqual(first);
      await ann.http.post(path, row);
      await deaf.next(({ EventType }) => EventType === 'create');
      expect(deaf.events(table)).toHaveLength(1);
    }
  });

  it('nobody talks to a table of which they may make no rows, or where no two follow the same', async () => {
    await world.boss.http.post('/api/classes', { name: 'notices', schema: [], other_permissions: 'read' });
    const tables = ['notices', 'members', 'channels', 'notifications', 'chat_rooms', 'chat_room_messages', 'resources'];
    for (const table of tables) {
      const client = await world.listen(bob, table);
      const denied = `permission denied: ${table}`;
      expect(await refusal(speaker.ask('new-message', { topic: table, message: {} }))).toBe(denied);
      expect(client.events(table)).toEqual([]);
    }
    const boss = await world.connect(world.boss);
    await made(boss.ask('new-message', { topic: 'notices', message: {} }));
  });

  it('a message that looks like a row is a message, verbatim, from its sender', async () => {
    const client = await world.listen(bob, topic);
    const message = { __type: 'user_account', EventType: 'create', MessageSource: 'database', id: 7, password: 'mine' };
    await made(speaker.ask('new-message', { topic, message }));
    expect(await client.next(({ MessageSource }) => MessageSource !== 'system')).toEqual({
      MessageSource: referenceOf('members', ann.id),
      EventType: 'new-message',
      ObjectType: topic,
      EventData: message,
    });
  });

  it('the filters of the first subscription stay until it ends, and nothing comes twice', async () => {
    const client = await world.listen(bob, topic, { filters: { kind: 'one' } });
    const again = await client.ask('subscribe', { topic, filters: { kind: 'two' } });
    expect(again.EventData).toEqual({ topic, alreadySubscribed: true });
    const heard = async (): Promise<unknown[]> => {
      for (const kind of ['one', 'two', 'three']) await made(speaker.ask('new-message', { topic, message: { kind } }));
      const witness = await world.listen(ann, topic);
      await heardBefore(witness, speaker, topic);
      await client.ask('ping');
      return client.events(topic).map(({ EventData }) => EventData.kind);
    };
    expect(await heard()).toEqual(['one']);
    await made(client.ask('unsubscribe', { topic }));
    await client.subscribe(topic, { filters: { kind: 'two' } });
    expect(await heard()).toEqual(['one', 'two']);
  });

  it('a hundred times in and out: answers in order, and nothing after the last one', async () => {
    const client = await world.connect(bob);
    const talking = (async (): Promise<void> => {
      for (let count = 0; count < 50; count += 1) await made(speaker.ask('new-message', { topic, message: { count } }));
    })();
    for (let round = 0; round < 100; round += 1) {
      client.send({ method: 'subscribe', attributes: { topic }, id: 2 * round });
      client.send({ method: 'unsubscribe', attributes: { topic }, id: 2 * round + 1 });
    }
    await client.next(({ id }) => id === 199);
    await talking;
    const witness = await world.listen(ann, topic);
    await heardBefore(witness, speaker, topic);
    await client.ask('ping');
    const answers = client.frames.filter(({ id }) => typeof id === 'number');
    expect(answers.map(({ id }) => id)).toEqual(Array.from({ length: 200 }, (_none, index) => index));
    const last = client.frames.findIndex(({ id }) => id === 199);
    expect(client.frames.slice(last + 1)).toEqual([expect.objectContaining({ type: 'pong' })]);
  });

  it('to unsubscribe what was never subscribed is no error', async () => {
    const client = await world.connect(bob);
    client.send({ method: 'unsubscribe', attributes: { topic } });
    expect((await client.ask('unsubscribe', { topic })).EventData).toEqual({ topics: [] });
    expect(client.frames).toHaveLength(1);
    expect(await refusal(client.ask('unsubscribe', {}))).toBe('missing or invalid topicName');
  });

  it('a socket that drops takes its subscriptions along', async () => {
    const client = await world.listen(bob, topic);
    const sessions = world.server.app.get(SessionRegistry);
    expect([...sessions.ofMember(bob.id)]).toHaveLength(1);
    client.socket.terminate();
    await until(() => [...sessions.ofMember(bob.id)].length === 0, 'the end of the session');
    await made(speaker.ask('new-message', { topic, message: {} }));
    await until(() => ![...sessions.feeds.keys()].some((stream) => stream.startsWith('channels/')), 'no feeds');
  });

  it('members make topics only while the workspace allows it', async () => {
    const settings = '/api/workspace';
    expect((await bob.http.patch(settings, { member_channels: false })).status).toBe(403);
    expect((await world.boss.http.patch(settings, { member_channels: false })).status).toBe(200);
    expect((await bob.http.get(settings)).body).toMatchObject({ name: 'main', member_channels: false });
    expect(await refusal(speaker.ask('create-topic', { name: 'one more' }))).toBe('permission denied');
    await world.boss.http.patch(settings, { member_channels: true });
    await made(speaker.ask('create-topic', { name: 'one more' }));
    expect((await ann.http.post('/api/channels', { name: 'by-rest' })).status).toBe(403);
  });
});

function frameOf(event: string, about: string, data: object, id?: number): object {
  const frame = { MessageSource: 'system', EventType: event, ObjectType: about, EventData: data };
  return id === undefined ? frame : { ...frame, id };
}
