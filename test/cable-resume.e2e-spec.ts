import { JwtService } from '@nestjs/jwt';
import { ChatWorld, type RoomRecord } from './chat.fixture.js';
import { BreakableProxy } from './support/breakable-proxy.js';
import { CableClient, type CableFrame } from './support/cable-client.js';
import { type Connect, type Inbox, STOCK_CLIENTS, type StockClient } from './support/cable-stock-clients.js';
import type { Person } from './support/people.js';

const EXTENDED = ['actioncable-v1-ext-json'];
const [anycable, extended] = STOCK_CLIENTS.slice(2).map(([, connect]) => connect) as [Connect, Connect];

// Real: the whole server, a proxy that cuts connections, the npm client and a plain WebSocket.
describe('a client of the extended protocol', () => {
  let world: ChatWorld;
  let proxy: BreakableProxy;
  let ann: Person;
  let bob: Person;
  const opened: { close(): void }[] = [];

  beforeAll(async () => {
    world = await ChatWorld.open();
    proxy = new BreakableProxy(new URL(world.server.url));
    await proxy.open();
    [ann, bob] = (await world.members(2)) as [Person, Person];
  });
  afterEach(() => opened.splice(0).forEach((client) => client.close()));
  afterAll(async () => {
    await proxy.break();
    await world.close();
  });

  const address = (): string => proxy.url.slice(0, -1);
  const cut = async (): Promise<void> => {
    await proxy.break();
    await proxy.open();
  };
  const stock = (person: Person): StockClient => {
    const client = extended(address(), person.token);
    opened.push(client);
    return client;
  };
  const raw = async (person: Person, query = '', protocols = EXTENDED): Promise<CableClient> => {
    const client = await CableClient.open(address(), { token: person.token, protocols, query });
    opened.push(client);
    return client;
  };
  const identifierOf = (room: RoomRecord): string =>
    JSON.stringify({ channel: 'Chats::RoomChannel', chat_room_id: room.id });
  const history = (frames: CableFrame[], since?: number): object => {
    const streams = Object.fromEntries(
      frames.filter(({ stream_id }) => stream_id).map(({ stream_id, epoch, offset }) => [stream_id, { epoch, offset }]),
    );
    return { history: { since, streams } };
  };
  const bodiesIn = (frames: CableFrame[]): unknown[] => frames.flatMap(({ message }) => message?.body ?? []);

  it('is cut ten times during 1 000 messages and has each exactly once and in order', async () => {
    const room = await world.direct(ann, bob);
    const client = stock(bob);
    const talk = await client.subscribe({ channel: 'Chats::RoomChannel', chat_room_id: room.id });
    const rooms = await client.subscribe({ channel: 'ChatRoomChannel', community_member_id: bob.id });
    const sent: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      const messages = Array.from({ length: 100 }, (_value, index) => world.say(ann, room, `${round}/${index}`));
      await Promise.all([...messages, cut()]);
      sent.push(...(await Promise.all(messages)).map(({ id }) => id));
    }
    // The client also asks for what was told in the second in which it began.
    const ids = (inbox: Inbox): unknown[] =>
      inbox.messages.filter(({ event }) => event === 'newMessage').map(({ id }) => id);
    const inOrder = sent.sort((one, other) => one - other);
    expect(ids(await talk.count('newMessage', 1000))).toEqual(inOrder);
    expect(ids(await rooms.count('newMessage', 1000))).toEqual(inOrder);
  });

  it('that is cut while rooms come and go for it misses none of it', async () => {
    const client = stock(bob);
    const rooms = await client.subscribe({ channel: 'ChatRoomChannel' });
    const threads = await client.subscribe({ channel: 'Chats::CommunityMemberThreadsChannel' });
    const already = rooms.events.length;
    const notices = await client.subscribe({ channel: 'NotificationChannel' });
    for (let round = 1; round <= 5; round += 1) {
      const other = await world.member();
      const cutting = cut();
      const room = await world.direct(other, bob);
      const root = await world.say(bob, room, `Root ${round}`);
      await world.say(other, room, `Reply ${round}`, { parent_message_id: root.id });
      await cutting;
    }
    await threads.count('newMessage', 5);
    await notices.count('newNotification', 5);
    const rootsSince = () => rooms.messages.slice(already).filter(({ event }) => event === 'newMessage');
    await rooms.until(() => rootsSince().length >= 5);
    const rounds = [1, 2, 3, 4, 5];
    // In order for each room; of different rooms what was missed comes one room after the other, in any order.
    const bodies = (messages: Record<string, unknown>[]) => messages.map(({ body }) => String(body)).sort();
    expect(bodies(threads.messages)).toEqual(rounds.map((round) => `Reply ${round}`));
    expect(notices.events.filter((event) => event === 'newNotification')).toHaveLength(5);
    const since = rooms.messages.slice(already);
    const roots = rootsSince();
    expect(bodies(roots)).toEqual(rounds.map((round) => `Root ${round}`));
    for (const root of roots) {
      const told = since.filter(({ uuid, chat_room_uuid }) => (uuid ?? chat_room_uuid) === root.chat_room_uuid);
      expect(told.map(({ event }) => event)).toEqual(['chatRoomCreated', 'newMessage']);
    }
  });

  it('gets stream, epoch and rising offsets with each message', async () => {
    const room = await world.direct(ann, await world.member());
    const client = await raw(ann);
    await client.subscribe(identifierOf(room));
    for (const text of ['one', 'two', 'three']) await world.say(ann, room, text);
    await client.next(({ message }) => message?.body === 'three');
    const said = client.frames.filter(({ message }) => message);
    const [{ offset }] = said as [Required<CableFrame>];
    expect(said.map((frame) => frame.offset)).toEqual([offset, offset + 1, offset + 2]);
    expect(new Set(said.map(({ stream_id }) => stream_id))).toEqual(new Set([`chat-room-${room.id}-channel`]));
    expect(new Set(said.map(({ epoch }) => epoch)).size).toBe(1);
  });

  it('that subscribes with its positions gets the confirmation, what it missed, and the confirmation of that', async () => {
    const room = await world.direct(ann, await world.member());
    const first = await raw(ann);
    await first.subscribe(identifierOf(room));
    await world.say(ann, room, 'seen');
    await first.next(({ message }) => message?.body === 'seen');
    first.close();
    await first.closed;
    for (const text of ['one', 'two']) await world.say(ann, room, text);
    const second = await raw(ann);
    await second.subscribe(identifierOf(room), history(first.frames));
    await second.next(({ type }) => type === 'confirm_history');
    expect(second.frames.map(({ type, message }) => type ?? message!.body)).toEqual([
      'welcome',
      'confirm_subscription',
      'one',
      'two',
      'confirm_history',
    ]);
  });

  it('that names a time gets what was said since', async () => {
    const room = await world.direct(ann, await world.member());
    await world.say(ann, room, 'early');
    const client = await raw(ann);
    await client.subscribe(identifierOf(room), { history: { since: Math.floor(Date.now() / 1000) - 60 } });
    await client.next(({ type }) => type === 'confirm_history');
    expect(bodiesIn(client.frames)).toEqual(['early']);
  });

  it.each([
    ['another epoch', { epoch: 'another', offset: 1 }],
    ['a number that was never given', { offset: 1_000_000 }],
  ])('with %s is refused the history, and hears what comes', async (_what, wrong) => {
    const room = await world.direct(ann, await world.member());
    const probe = await raw(ann);
    await probe.subscribe(identifierOf(room));
    await world.say(ann, room, 'before');
    const { stream_id, epoch } = await probe.next(({ message }) => message?.body === 'before');
    const client = await raw(ann);
    const streams = { [stream_id!]: { epoch, ...wrong } };
    await client.subscribe(identifierOf(room), { history: { streams } });
    await client.next(({ type }) => type === 'reject_history');
    await world.say(ann, room, 'after');
    await client.next(({ message }) => message?.body === 'after');
    expect(bodiesIn(client.frames)).toEqual(['after']);
  });

  it('that asks a live subscription for what was before gets only what this connection has not had', async () => {
    const room = await world.direct(ann, await world.member());
    const probe = await raw(ann);
    await probe.subscribe(identifierOf(room));
    for (const text of ['one', 'two', 'three']) await world.say(ann, room, text);
    await probe.next(({ message }) => message?.body === 'three');
    const client = await raw(ann);
    await client.subscribe(identifierOf(room));
    await world.say(ann, room, 'four');
    await client.next(({ message }) => message?.body === 'four');
    client.send({ command: 'history', identifier: identifierOf(room), ...history(probe.frames.slice(0, 3)) });
    await client.next(({ type }) => type === 'confirm_history');
    expect(bodiesIn(client.frames)).toEqual(['four', 'two', 'three']);
  });

  it('that brings its old sid has its subscriptions back, asks for history, and misses nothing', async () => {
    const room = await world.direct(ann, await world.member());
    const before = await raw(ann);
    await before.subscribe(identifierOf(room));
    await world.say(ann, room, 'one');
    await before.next(({ message }) => message?.body === 'one');
    const { sid } = before.frames[0]!;
    before.socket.terminate();
    await before.closed;
    await world.say(ann, room, 'two');
    const after = await raw(ann, `?sid=${sid}`);
    expect(after.frames[0]).toEqual({
      type: 'welcome',
      sid: expect.not.stringContaining(sid!),
      restored: true,
      restored_ids: [identifierOf(room)],
    });
    await world.say(ann, room, 'three');
    after.send({ command: 'history', identifier: identifierOf(room), ...history(before.frames) });
    await after.next(({ type }) => type === 'confirm_history');
    await world.say(ann, room, 'four');
    await after.next(({ message }) => message?.body === 'four');
    expect(bodiesIn(after.frames)).toEqual(['two', 'three', 'four']);
  });

  it('has them back also when the first welcome that says so is lost, and once it knows of it no more', async () => {
    const before = await raw(ann);
    await before.subscribe({ channel: 'NotificationChannel' });
    before.socket.terminate();
    await before.closed;
    const query = `?sid=${before.frames[0]!.sid}`;
    for (const _try of [1, 2]) {
      const again = await raw(ann, query);
      expect(again.frames[0]).toMatchObject({ restored: true });
      again.socket.terminate();
      await again.closed;
    }
    const heard = await raw(ann, query);
    expect(heard.frames[0]).toMatchObject({ restored: true });
    await heard.subscribe({ channel: 'ChatRoomChannel' });
    expect((await raw(ann, query)).frames[0]).not.toHaveProperty('restored');
  });

  it('whose rooms were lost meanwhile has them left out', async () => {
    const member = await world.member();
    const kept = await world.group(ann, [member]);
    const lost = await world.group(ann, [member]);
    const before = await raw(member);
    for (const room of [kept, lost]) await before.subscribe(identifierOf(room));
    before.socket.terminate();
    await before.closed;
    await ann.http.delete(`/api/chat-rooms/${lost.uuid}/participants/${member.id}`);
    const after = await raw(member, `?sid=${before.frames[0]!.sid}`);
    expect(after.frames[0]).toMatchObject({ restored: true, restored_ids: [identifierOf(kept)] });
  });

  it.each([
    ['an unknown sid', (): string => '?sid=nobody', EXTENDED, 'own'],
    ['the sid of somebody else', (sid: string): string => `?sid=${sid}`, EXTENDED, 'other'],
    ['a sid on the base protocol', (sid: string): string => `?sid=${sid}`, ['actioncable-v1-json'], 'own'],
  ] as const)('with %s begins anew', async (_what, query, protocols, whose) => {
    const before = await raw(ann);
    await before.subscribe({ channel: 'NotificationChannel' });
    before.socket.terminate();
    await before.closed;
    const after = await raw(whose === 'own' ? ann : bob, query(before.frames[0]!.sid!), [...protocols]);
    expect(after.frames[0]).toEqual({ type: 'welcome', sid: expect.any(String) });
    await expect(after.subscribe({ channel: 'NotificationChannel' })).resolves.toMatchObject({
      type: 'confirm_subscription',
    });
  });

  it('that is not restored after a good-bye for good', async () => {
    const member = await world.member();
    const before = await raw(member);
    await before.subscribe({ channel: 'NotificationChannel' });
    await member.http.post('/api/auth/logout-everywhere');
    await before.closed;
    const again = await world.server.http.post<{ access_token: string }>('/api/auth/login', {
      email: member.email,
      password: 'correct horse battery',
    });
    const after = await raw({ ...member, token: again.body.access_token }, `?sid=${before.frames[0]!.sid}`);
    expect(after.frames[0]).toEqual({ type: 'welcome', sid: expect.any(String) });
  });

  it('refreshes a token that has expired, and goes on', async () => {
    const jwt = new JwtService({ secret: world.server.settings.jwtSecret });
    const room = await world.direct(ann, bob);
    for (const connect of [anycable, extended]) {
      const token = jwt.sign({ sub: String(bob.id) }, { expiresIn: 1 });
      let refreshed: () => void = () => undefined;
      const asked = new Promise<void>((resolve) => (refreshed = resolve));
      const refresh = async (): Promise<string> => {
        refreshed();
        return bob.token;
      };
      const client = connect(address(), token, { refresh });
      opened.push(client);
      const talk = await client.subscribe({ channel: 'Chats::RoomChannel', chat_room_id: room.id });
      await asked;
      await talk.until(({ connected }) => connected >= 2);
      await world.say(ann, room, 'Still there?');
      await talk.count('newMessage');
    }
  });
});
