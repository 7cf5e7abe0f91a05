import { addTo, at, inboxOf, openGroup, removeFrom, roomOf, type RoomRecord, send, ticket } from './support/chat.js';
import { ADMIN, type Nodes, startNodes } from './support/nodes.js';
import { logIn, type Person, register } from './support/people.js';
import { openSocket, type ResourceFrame, type SocketClient } from './support/socket-client.js';

type Payload = Record<string, unknown>;

const named =
  (name: string) =>
  (payload: Payload): boolean =>
    payload.name === name;
const about =
  (action: string, type: string) =>
  (payload: Payload): boolean =>
    payload.action === action && payload.type === type;

/** An event that may have come already. */
async function anyTime(client: SocketClient, matches: (frame: ResourceFrame) => boolean): Promise<ResourceFrame> {
  const known = client.resources().find(matches);
  const later = (): Promise<unknown> =>
    client.next('realtime:resource', (payload) => matches(payload as unknown as ResourceFrame));
  return known ?? ((await later()) as ResourceFrame);
}

// Real: HTTP and the stock client; two servers, PostgreSQL and Redis where they are there.
describe('somebody who loses access while connected', () => {
  let started: Nodes;
  let owner: Person;
  let boss: Person;
  const open: SocketClient[] = [];

  beforeAll(async () => {
    started = await startNodes();
    boss = await logIn(started.nodes[0].http, ADMIN.email, ADMIN.password);
    owner = await register(started.nodes[0].http, 'Owner');
  });
  afterEach(() => open.splice(0).forEach((client) => client.close()));
  afterAll(() => started.close());

  /** A client on each node, in these rooms and in their own inbox. */
  async function connect(person: Person, ...rooms: string[]): Promise<SocketClient[]> {
    const clients: SocketClient[] = [];
    for (const node of started.nodes) {
      const client = await (await openSocket(node.url)).authenticate(person.token);
      open.push(client);
      for (const room of [...rooms, inboxOf(person)]) await client.join(room, await ticket(person, room));
      clients.push(client);
    }
    return clients;
  }

  /** Lets `act` make an event in the room after the loss, and proves with later events that it did not come through. */
  async function expectSilence(lost: SocketClient[], person: Person, room: string, act: () => Promise<unknown>) {
    const bystander = await register(started.nodes[0].http, 'Bystander');
    const before = lost.map((client) => client.resources(room).length);
    await act();
    await person.http.patch('/api/me', { headline: `after the loss, ${bystander.id}` });
    for (const [index, client] of lost.entries()) {
      await client.next('realtime:resource', ({ resource }) =>
        String((resource as Payload).headline).endsWith(`, ${bystander.id}`),
      );
      expect(client.resources(room)).toHaveLength(before[index]!);
    }
  }

  async function expectRefused(clients: SocketClient[], person: Person, room: string, oldToken: string) {
    for (const client of clients) {
      client.emit('realtime:join', { name: room, token: oldToken, last_id: 0 });
      expect(await client.next('realtime:join:error', named(room))).toMatchObject({ code: 'room.forbidden' });
    }
    for (const node of started.nodes) {
      const { status } = await at(node, person).http.post('/api/realtime/tokens', { rooms: [room] });
      expect(status).toBe(403);
    }
  }

  it.each(['removed', 'leaving'])(
    'a participant, %s, hears of it on every node and gets nothing that is sent later, replayed or live',
    async (how) => {
      const [bob, carol] = [
        await register(started.nodes[0].http, 'Bob'),
        await register(started.nodes[0].http, 'Carol'),
      ];
      const group = await openGroup(owner, [bob, carol]);
      const room = roomOf(group);
      const [bobs, carols] = [await connect(bob, room), await connect(carol, room)];
      const oldToken = await ticket(bob, room);
      await send(owner, group, 'before');
      for (const client of bobs) await client.next('realtime:resource', about('created', 'message'));

      await removeFrom(how === 'removed' ? owner : bob, group, bob);
      for (const client of bobs) {
        expect(await client.next('realtime:join:error')).toEqual({
          name: room,
          error: 'User is no longer authorized to be in this room',
          message: 'User is no longer authorized to be in this room',
          code: 'room.revoked',
        });
        // The inbox is another stream: which of the two comes first is open.
        expect(
          await anyTime(client, (frame) => frame.room === inboxOf(bob) && frame.action === 'deleted'),
        ).toMatchObject({ type: 'chat_room', path: room, resource: { id: group.id, uuid: group.uuid } });
      }
      await expectSilence(bobs, bob, room, async () => {
        await send(owner, group, 'after');
        for (const client of carols) {
          await client.next('realtime:resource', ({ resource }) => (resource as Payload).body === 'after');
        }
      });
      await expectRefused(bobs, bob, room, oldToken);
      for (const client of bobs) expect(JSON.stringify(client.frames)).not.toContain('"after"');
      for (const node of started.nodes) {
        expect((await at(node, bob).http.get(`/api${room}/messages`)).status).toBe(404);
        expect((await at(node, bob).http.post(`/api${room}/messages`, { body: 'still here' })).status).toBe(404);
      }
    },
  );

  it('a room that is deleted ends for everybody in it, and tells each of them', async () => {
    const bob = await register(started.nodes[0].http, 'Bob');
    const group = await openGroup(owner, [bob]);
    const room = roomOf(group);
    const clients = [...(await connect(bob, room)), ...(await connect(owner, room))];
    const tokens = [await ticket(bob, room), await ticket(owner, room)] as const;
    expect((await owner.http.delete(`/api${room}`)).status).toBe(204);
    for (const client of clients) {
      expect(await client.next('realtime:join:error')).toMatchObject({ name: room, code: 'room.revoked' });
      await anyTime(client, (frame) => frame.action === 'deleted' && frame.room !== room && frame.path === room);
    }
    await expectRefused(clients.slice(0, 2), bob, room, tokens[0]);
    await expectRefused(clients.slice(2), owner, room, tokens[1]);
  });

  describe('a channel', () => {
    let count = 0;
    async function openChannel(settings: object): Promise<{ name: string; room: string; publish(): Promise<unknown> }> {
      const name = `cut-off-${(count += 1)}`;
      expect((await boss.http.post('/api/channels', { name, custom_publish: true, ...settings })).status).toBe(201);
      const publish = async (): Promise<void> => {
        const witness = await connect(boss, `/channels/${name}`);
        await boss.http.post(`/api/channels/${name}/publish`, { payload: { told: 'after' } });
        for (const client of witness) await client.next('realtime:resource', about('custom', 'message'));
      };
      return { name, room: `/channels/${name}`, publish };
    }

    it('whose permission for others is lowered', async () => {
      const bob = await register(started.nodes[0].http, 'Bob');
      const { name, room, publish } = await openChannel({ other_permissions: 'subscribe' });
      const clients = await connect(bob, room);
      const oldToken = await ticket(bob, room);
      expect((await boss.http.patch(`/api/channels/${name}`, { other_permissions: 'none' })).status).toBe(200);
      for (const client of clients) await client.next('realtime:join:error', named(room));
      await expectSilence(clients, bob, room, publish);
      await expectRefused(clients, bob, room, oldToken);
    });

    it('whose group the member is taken out of, and a channel whose group is deleted', async () => {
      const people = [
        await register(started.nodes[0].http, 'Bob'),
        await register(started.nodes[0].http, 'Eve'),
      ] as const;
      const group = (await boss.http.post<{ id: number }>('/api/groups', { label: 'Crew' })).body.id;
      for (const { id } of people) await boss.http.post(`/api/groups/${group}/members`, { member_id: id });
      const { room, publish } = await openChannel({ group, group_permissions: 'subscribe' });
      const steps = [`/api/groups/${group}/members/${people[0].id}`, `/api/groups/${group}`];
      for (const [index, person] of people.entries()) {
        const clients = await connect(person, room);
        const oldToken = await ticket(person, room);
        expect((await boss.http.delete(steps[index]!)).status).toBe(204);
        for (const client of clients) await client.next('realtime:join:error', named(room));
        await expectSilence(clients, person, room, publish);
        await expectRefused(clients, person, room, oldToken);
      }
    });

    it('that is deleted', async () => {
      const bob = await register(started.nodes[0].http, 'Bob');
      const { name, room } = await openChannel({ other_permissions: 'subscribe' });
      const clients = await connect(bob, room);
      const oldToken = await ticket(bob, room);
      expect((await boss.http.delete(`/api/channels/${name}`)).status).toBe(204);
      for (const client of clients) await client.next('realtime:join:error', named(room));
      await expectRefused(clients, bob, room, oldToken);
    });
  });

  it('a member who is removed from the workspace is disconnected everywhere and does not come back in', async () => {
    const eve = await register(started.nodes[0].http, 'Eve');
    const group = await openGroup(owner, [eve]);
    const room = roomOf(group);
    const clients = await connect(eve, room);
    expect((await boss.http.delete(`/api/members/${eve.id}`)).status).toBe(204);
    await send(owner, group, 'after');
    for (const client of clients) {
      await client.next('disconnect');
      expect(JSON.stringify(client.frames)).not.toContain('"after"');
    }
    for (const node of started.nodes) {
      expect((await at(node, eve).http.get('/api/me')).status).toBe(401);
      const again = await (await openSocket(node.url)).authenticate(eve.token);
      open.push(again);
      again.emit('realtime:join', { name: room, token: 'any', last_id: 0 });
      expect(await again.next('realtime:join:error')).toMatchObject({ name: room, code: 'room.forbidden' });
    }
  });

  it('somebody who comes back in sees the room again, from where they stopped', async () => {
    const bob = await register(started.nodes[0].http, 'Bob');
    const group: RoomRecord = await openGroup(owner, [bob]);
    const room = roomOf(group);
    const [client] = await connect(bob, room);
    await removeFrom(owner, group, bob);
    await client!.next('realtime:join:error', named(room));
    const seen = client!.resources(room).at(-1)?.id ?? 3;
    await addTo(owner, group, bob);
    await client!.next('realtime:resource', about('created', 'chat_room'));
    await client!.join(room, await ticket(bob, room), { last_id: seen });
    await send(owner, group, 'welcome back');
    await client!.next('realtime:resource', ({ resource }) => (resource as Payload).body === 'welcome back');
    const ids = client!.resources(room).map(({ id }) => id);
    expect(ids).toEqual(ids.map((_id, index) => ids[0]! + index));
  });
});
