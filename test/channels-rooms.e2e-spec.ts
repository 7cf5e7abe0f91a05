import type { SocketClient } from './support/socket-client.js';
import { ChannelWorld, type Person, ticket } from './channels.fixture.js';

// Real: the whole server, its Socket.IO door and the stock client, on the database of the run.
describe('the rooms of channels', () => {
  let world: ChannelWorld;
  let insider: Person;
  let outsider: Person;
  let group: number;
  let serial = 0;

  beforeAll(async () => {
    world = await ChannelWorld.open();
    insider = await world.member('Insider');
    outsider = await world.member('Outsider');
    group = await world.group(insider);
  });
  afterEach(() => world.closeSockets());
  afterAll(() => world.close());

  const fresh = (): string => `room-test-${++serial}`;

  /** What a client heard in a room, up to a channel that everybody hears of: silence is shown by what comes after it. */
  async function heardOf(clients: SocketClient[]): Promise<string[][]> {
    const last = fresh();
    await world.channel(last, { other_permissions: 'subscribe' });
    return Promise.all(
      clients.map(async (client) => {
        await client.next('realtime:resource', (frame) => frame.path === `/channels/${last}`);
        const frames = client.resources('/channels').filter((frame) => frame.resource.name !== last);
        return frames.map((frame) => `${frame.action} ${String(frame.resource.name)}`);
      }),
    );
  }

  describe('/channels', () => {
    it('tells each member of the channels that they may see, and of no other', async () => {
      const clients = [
        await world.connect(world.admin, ['/channels']),
        await world.connect(insider, ['/channels']),
        await world.connect(outsider, ['/channels']),
      ];
      const [secret, ours, open] = [fresh(), fresh(), fresh()];
      await world.channel(secret);
      await world.channel(ours, { group, group_permissions: 'subscribe' });
      await world.channel(open, { other_permissions: 'publish' });
      for (const name of [secret, ours, open]) await world.change(name, { description: 'changed' });
      for (const name of [secret, ours, open]) await world.admin.http.delete(`/api/channels/${name}`);
      const everything = (names: string[]): string[] =>
        ['created', 'updated', 'deleted'].flatMap((action) => names.map((name) => `${action} ${name}`));
      expect(await heardOf(clients)).toEqual([
        everything([secret, ours, open]),
        everything([ours, open]),
        everything([open]),
      ]);
      expect(clients[1]!.resources('/channels')[0]).toEqual({
        ...{ action: 'created', room: '/channels', type: 'channel', path: `/channels/${ours}` },
        ...{ id: expect.any(Number), created_at: expect.any(String) },
        resource: expect.objectContaining({ name: ours, group, group_permissions: 'subscribe' }),
      });
    });

    it('who loses sight of a channel sees it go, who keeps it sees it change, who gains it sees it come', async () => {
      const name = fresh();
      await world.channel(name, { group, other_permissions: 'subscribe' });
      const clients = [await world.connect(insider, ['/channels']), await world.connect(outsider, ['/channels'])];
      // One after the other: of changes in quick succession only what still holds need be told.
      const change = async (wanted: object, ...hearers: number[]): Promise<void> => {
        await world.change(name, wanted);
        await Promise.all(hearers.map((index) => clients[index]!.next('realtime:resource')));
      };
      await change({ group_permissions: 'subscribe', other_permissions: 'none' }, 0, 1);
      await change({ description: 'among us' }, 0);
      await change({ group_permissions: 'none' }, 0);
      await change({ other_permissions: 'publish' }, 0, 1);
      await change({ other_permissions: 'subscribe' }, 0, 1);
      const changes = ['updated', 'updated', 'deleted', 'updated', 'updated'].map((action) => `${action} ${name}`);
      expect(await heardOf(clients)).toEqual([
        changes,
        ['deleted', 'updated', 'updated'].map((action) => `${action} ${name}`),
      ]);
      const [gone] = clients[1]!.resources('/channels');
      // What they could see before, and nothing of what it has become.
      expect(gone!.resource).toMatchObject({ group_permissions: 'none', other_permissions: 'subscribe' });
    });

    it('a membership opens and closes the ears of who is connected', async () => {
      const name = fresh();
      await world.channel(name, { group, group_permissions: 'subscribe' });
      const late = await world.member(`Late${serial}`);
      const client = await world.connect(late, ['/channels', `/members/${late.id}`]);
      await world.change(name, { description: '1' });
      await world.addToGroup(group, late.id);
      await client.next('realtime:resource', (frame) => frame.type === 'group_member' && frame.action === 'created');
      await world.change(name, { description: '2' });
      await world.admin.http.delete(`/api/groups/${group}/members/${late.id}`);
      await world.change(name, { description: '3' });
      await heardOf([client]);
      const descriptions = client.resources('/channels').map((frame) => frame.resource.description);
      expect(descriptions).toEqual(['2', '']);
    });

    it('a replay tells nothing of a channel that is out of sight by now', async () => {
      const [closed, gone, kept] = [fresh(), fresh(), fresh()];
      const { body } = await outsider.http.get<{ position: number; epoch: string }>('/api/channels');
      for (const name of [closed, gone, kept]) await world.channel(name, { other_permissions: 'subscribe' });
      for (const name of [closed, gone, kept]) await world.change(name, { description: 'seen once' });
      await world.change(closed, { other_permissions: 'none' });
      await world.change(kept, { other_permissions: 'none' });
      await world.change(kept, { other_permissions: 'subscribe' });
      await world.admin.http.delete(`/api/channels/${gone}`);
      const more = { position: body.position, epoch: body.epoch };
      const client = await world.connect(outsider, ['/channels'], more);
      expect(await heardOf([client])).toEqual([
        [`created ${kept}`, `updated ${kept}`, `deleted ${closed}`, `updated ${kept}`, `deleted ${gone}`],
      ]);
    });
  });

  describe('/channels/<name>', () => {
    it('brings messages and changes, whoever sent them and however the name was written', async () => {
      const name = fresh();
      await world.channel(name, { other_permissions: 'publish' });
      const room = `/channels/${name.toUpperCase()}`;
      const client = await world.connect(outsider, [room]);
      await world.publish(name, { text: 'one' }, 'ignored');
      await world.change(name, { description: 'changed' });
      await insider.http.post(`/api/channels/${name}/publish`, { payload: { text: 'two' } });
      await client.next('realtime:resource', (frame) => frame.id === 3);
      expect(client.resources(room)).toEqual([
        expect.objectContaining({
          ...{ id: 1, action: 'custom', type: 'message', path: `/channels/${name}` },
          resource: expect.objectContaining({ id: 1, room: null, payload: { text: 'one' } }),
        }),
        expect.objectContaining({ id: 2, action: 'updated', type: 'channel' }),
        expect.objectContaining({
          ...{ id: 3, action: 'custom', type: 'message' },
          resource: expect.objectContaining({ author: { member: insider.id }, payload: { text: 'two' } }),
        }),
      ]);
    });

    it('ends for who loses the channel, before anything later; coming back is refused', async () => {
      const name = fresh();
      const room = `/channels/${name}`;
      await world.channel(name, { group, group_permissions: 'publish', other_permissions: 'subscribe' });
      const staying = await world.connect(insider, [room]);
      const leaving = await world.connect(outsider, [room]);
      const token = await ticket(outsider, room);
      await world.publish(name, { n: 1 });
      await world.change(name, { other_permissions: 'none' });
      await world.publish(name, { n: 2 });
      await staying.next('realtime:resource', (frame) => frame.id === 3);
      expect(await leaving.next('realtime:join:error')).toMatchObject({ name: room, code: 'room.revoked' });
      expect(leaving.resources(room).map((frame) => frame.id)).toEqual([1]);
      expect(staying.resources(room).map((frame) => frame.id)).toEqual([1, 2, 3]);
      leaving.emit('realtime:join', { name: room, token, last_id: 0 });
      expect(await leaving.next('realtime:join:error')).toMatchObject({ name: room, code: 'room.forbidden' });
      expect(await ticket(outsider, room)).toBe('403');
    });

    it('ends for everybody when the channel is deleted, also when another takes its name', async () => {
      const name = fresh();
      const room = `/channels/${name}`;
      await world.channel(name, { other_permissions: 'subscribe' });
      const client = await world.connect(outsider, [room]);
      await world.admin.http.delete(`/api/channels/${name}`);
      await world.channel(name, { other_permissions: 'subscribe' });
      await world.publish(name, { of: 'the second' });
      expect(await client.next('realtime:join:error')).toMatchObject({ name: room, code: 'room.revoked' });
      await client.join(room, await ticket(outsider, room), { last_id: 0 });
      await client.next('realtime:resource');
      expect(client.resources(room).map(({ resource }) => resource.payload)).toEqual([{ of: 'the second' }]);
    });

    it('ends for the group when the group is deleted', async () => {
      const name = fresh();
      const passing = await world.group(insider);
      await world.channel(name, { group: passing, group_permissions: 'subscribe' });
      const client = await world.connect(insider, [`/channels/${name}`]);
      await world.admin.http.delete(`/api/groups/${passing}`);
      expect(await client.next('realtime:join:error')).toMatchObject({ code: 'room.revoked' });
    });
  });

  describe('/channels/<name>/rooms/<room>', () => {
    it('brings the messages of this room alone, and the changes of the channel', async () => {
      const name = fresh();
      await world.channel(name, { type: 'separate_rooms', other_permissions: 'subscribe' });
      const [channel, lobby] = [`/channels/${name}`, `/channels/${name}/rooms/Lobby`];
      const member = await world.connect(outsider, [channel, lobby]);
      const admin = await world.connect(world.admin, [channel]);
      await world.publish(name, { n: 1 }, 'lobby');
      await world.publish(name, { n: 2 }, 'kitchen');
      await world.publish(name, { n: 3 }, 'LOBBY');
      await world.change(name, { description: 'the end' });
      await admin.next('realtime:resource', (frame) => frame.id === 4);
      await member.next('realtime:resource', (frame) => frame.id === 4 && frame.room === channel);
      const numbers = (client: SocketClient, room: string): number[] => client.resources(room).map((frame) => frame.id);
      expect(numbers(admin, channel)).toEqual([1, 2, 3, 4]);
      expect(numbers(member, channel)).toEqual([4]);
      expect(numbers(member, lobby)).toEqual([1, 3, 4]);
    });

    it.each([
      ['grün / küche', `gr%C3%BCn%20%2F%20k%C3%BCche`],
      ['100% 😀', '100%25 😀'],
      ['plain', ' PLAIN '],
    ])('is addressed by its name, percent-encoded where needed: %s', async (room, segment) => {
      const name = fresh();
      await world.channel(name, { type: 'separate_rooms', other_permissions: 'subscribe' });
      const address = `/channels/${name}/rooms/${segment}`;
      const client = await world.connect(outsider, [address]);
      await world.publish(name, {}, room.toUpperCase());
      const frame = await client.next('realtime:resource');
      expect(frame).toMatchObject({ room: address, resource: { room: room.toUpperCase().toLowerCase() } });
      expect(frame.path).toBe(`/channels/${name}/rooms/${encodeURIComponent(room.toUpperCase().toLowerCase())}`);
    });

    it('exists only in channels with separate rooms, and only under a name that can be one', async () => {
      const [plain, separate] = [fresh(), fresh()];
      await world.channel(plain, { other_permissions: 'subscribe' });
      await world.channel(separate, { type: 'separate_rooms', other_permissions: 'subscribe' });
      const refused = [
        `/channels/${plain}/rooms/lobby`,
        `/channels/${separate}/rooms/100%`,
        `/channels/${separate}/rooms/%20`,
        `/channels/${separate}/rooms/%00`,
        `/channels/${separate}/rooms/${'x'.repeat(129)}`,
        `/channels/${separate}/rooms/`,
        `/channels/${separate}/rooms`,
        '/channels/%00',
        '/channels/%',
        '/channels/',
      ];
      for (const room of refused) expect(`${room} ${await ticket(outsider, room)}`).toBe(`${room} 403`);
    });
  });
});
