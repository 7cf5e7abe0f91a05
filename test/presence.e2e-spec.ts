import { DataSource } from 'typeorm';
import { at } from './support/chat.js';
import { ADMIN, type Nodes, startNodes } from './support/nodes.js';
import { logIn, type Person, register } from './support/people.js';
import { connectTo, hears, historyOf, sessionsLeft, statusOf, stranger, WATCH, watcherAt } from './support/presence.js';
import type { SocketClient } from './support/socket-client.js';
import type { TestServer } from './support/start-server.js';

// Real: HTTP and the stock client; two servers, PostgreSQL and Redis where they are there. No grace: a leave is told at once.
describe('presence', () => {
  let started: Nodes;
  let one: TestServer;
  let two: TestServer;
  let boss: Person;
  /** Two who watch, one on each node. */
  let watchers: SocketClient[];
  const open: SocketClient[] = [];

  beforeAll(async () => {
    started = await startNodes({ PRESENCE_GRACE_SECONDS: '0', PRESENCE_BEAT_MS: '1000' });
    [one, two] = started.nodes;
    boss = await logIn(one.http, ADMIN.email, ADMIN.password);
    watchers = [await watcherAt(one, boss), await watcherAt(two, boss)];
    for (const node of started.nodes) await bystander(node);
  });
  afterEach(() => open.splice(0).forEach((client) => client.close()));
  afterAll(async () => {
    watchers.forEach((client) => client.close());
    await started.close();
  });

  async function connect(node: TestServer, person: Person, options = {}): Promise<SocketClient> {
    const client = await connectTo(node, person, options);
    open.push(client);
    return client;
  }

  /** Somebody new whose arrival everybody hears, after all that happened on that node before. */
  async function bystander(node: TestServer, known?: Person): Promise<Person> {
    const person = known ?? (await register(node.http, 'Bystander'));
    await connect(node, person);
    for (const watcher of watchers) await hears(watcher, person, true);
    return person;
  }

  async function leave(node: TestServer, person: Person, client: SocketClient, left = 0): Promise<void> {
    client.close();
    await sessionsLeft(node, person, left);
  }

  it('the first session is one join and the end of the last is one leave, on both nodes', async () => {
    const bob = await register(one.http, 'Bob');
    const client = await connect(one, bob);
    for (const watcher of watchers) await hears(watcher, bob, true);
    client.close();
    for (const watcher of watchers) await hears(watcher, bob, true, false);
    await connect(two, bob);
    for (const watcher of watchers) await hears(watcher, bob, true, false, true);
  });

  it('is told in one frame, which is no event: without a number and a time', async () => {
    const bob = await register(one.http, 'Bob');
    await connect(one, bob);
    await hears(watchers[0]!, bob, true);
    const frame = watchers[0]!.resources().find((each) => JSON.stringify(each).includes(`"user_id":${bob.id},`));
    expect(frame).toEqual({
      action: 'event',
      room: WATCH,
      type: 'user:online',
      path: null,
      resource: { online: expect.arrayContaining([{ company_id: 1, user_id: bob.id, is_online: true }]) as unknown },
    });
  });

  it('two tabs, one closes: no leave', async () => {
    const bob = await register(one.http, 'Bob');
    const [first] = [await connect(one, bob), await connect(one, bob)];
    await leave(one, bob, first, 1);
    await bystander(one);
    for (const watcher of watchers) expect(historyOf(watcher, bob)).toEqual([true]);
  });

  it('two tabs on two nodes, one closes: no leave', async () => {
    const bob = await register(one.http, 'Bob');
    const [near, far] = [await connect(one, bob), await connect(two, bob)];
    // Both nodes have said so, or the far one could still be on its way.
    for (const node of started.nodes) await bystander(node);
    const left = one === two ? 1 : 0;
    await leave(one, bob, near, left);
    await bystander(one);
    for (const watcher of watchers) expect(historyOf(watcher, bob)).toEqual([true]);
    await leave(two, bob, far);
    for (const watcher of watchers) await hears(watcher, bob, true, false);
  });

  it('both nodes say the same, of those who are there, who were, and who never came', async () => {
    const people = await Promise.all(['Here', 'Gone', 'Never'].map((name) => register(one.http, name)));
    const [here, gone, never] = people as [Person, Person, Person];
    await connect(one, here);
    (await connect(two, gone)).close();
    for (const watcher of watchers) await hears(watcher, gone, true, false);
    for (const watcher of watchers) await hears(watcher, here, true);
    for (const watcher of watchers) {
      expect(await statusOf(watcher, here, gone, never, boss)).toEqual([
        [here.id, true],
        [gone.id, false],
        [boss.id, true],
      ]);
    }
    for (const node of started.nodes) {
      const ids = [here.id, gone.id, never.id].join(',');
      expect(await at(node, boss).http.get(`/api/presence?member_ids=${ids}`)).toMatchObject({
        status: 200,
        body: {
          online: [
            { member_id: here.id, is_online: true },
            { member_id: gone.id, is_online: false },
          ],
          has_next_page: false,
        },
      });
    }
  });

  it('another workspace hears nothing, learns nothing, and cannot join the room', async () => {
    const [bob, eve] = [await register(one.http, 'Bob'), await stranger(one)];
    const own = await watcherAt(two, eve, `/users/online/${eve.workspaceId}`);
    const short = await watcherAt(two, eve);
    open.push(own, short);
    for (const room of ['/users/online/1', '/users/online/01', '/users/online/', `/users/online/${eve.workspaceId}0`]) {
      own.emit('realtime:join', { name: room, token: eve.token });
      expect(await own.next('realtime:join:error')).toMatchObject({ name: room, code: 'room.forbidden' });
    }
    await connect(one, bob);
    await bystander(one);
    expect(await statusOf(own, bob, eve)).toEqual([[eve.id, true]]);
    expect(await statusOf(watchers[0]!, eve)).toEqual([]);
    expect((await eve.http.get(`/api/presence?member_ids=${bob.id},${eve.id}`)).body).toEqual({
      online: [{ member_id: eve.id, is_online: true }],
      has_next_page: false,
    });
    const friend = await stranger(one, eve.workspaceId);
    await connect(one, friend);
    for (const client of [own, short]) await hears(client, friend, true);
    for (const client of [own, short]) expect(client.resources()).toHaveLength(1);
    for (const watcher of watchers) expect([historyOf(watcher, eve), historyOf(watcher, friend)]).toEqual([[], []]);
  });

  it('a removed and a banned member stop hearing, and are told as gone', async () => {
    for (const [method, path] of [
      ['POST', '/ban'],
      ['DELETE', ''],
    ] as const) {
      const eve = await register(one.http, 'Eve');
      const client = await watcherAt(two, eve);
      for (const watcher of watchers) await hears(watcher, eve, true);
      expect((await boss.http.send(method, `/api/members/${eve.id}${path}`)).status).toBeLessThan(300);
      expect(await client.next('disconnect')).toEqual({ reason: 'io server disconnect' });
      for (const watcher of watchers) await hears(watcher, eve, true, false);
      const before = client.frames.length;
      await bystander(one);
      expect(client.frames).toHaveLength(before);
      const again = await connect(two, eve);
      again.emit('realtime:join', { name: WATCH, token: eve.token });
      await again.next('realtime:join:error');
      await bystander(two);
      for (const watcher of watchers) expect(historyOf(watcher, eve)).toEqual([true, false]);
    }
  });

  it('a change of what a watcher may see elsewhere does not end their watching', async () => {
    const bob = await register(one.http, 'Bob');
    const client = await watcherAt(one, bob);
    open.push(client);
    await client.join('/ping', bob.token);
    const { body: group } = await boss.http.post<{ id: number }>('/api/groups', { label: 'Crew' });
    await boss.http.post(`/api/groups/${group.id}/members`, { member_ids: [bob.id] });
    const inbox = `/members/${bob.id}`;
    const { body } = await bob.http.post<{ websockets: { token: string }[] }>('/api/realtime/tokens', {
      rooms: [inbox],
    });
    await client.join(inbox, body.websockets[0]!.token);
    await boss.http.delete(`/api/groups/${group.id}/members/${bob.id}`);
    await client.next('realtime:resource', ({ type, action }) => type === 'group_member' && action === 'deleted');
    await hears(client, await bystander(one), true);
    expect(client.count('realtime:join:error')).toBe(0);
  });

  it('never enters the log', async () => {
    const [bob, last] = [await register(one.http, 'Bob'), await register(one.http, 'Last')];
    const logged = async (): Promise<unknown> => one.app.get(DataSource).query('SELECT count(*) FROM events');
    const before = await logged();
    await leave(one, bob, await connect(one, bob));
    await bystander(one, last);
    for (const watcher of watchers) expect(historyOf(watcher, bob)).toEqual([true, false]);
    expect(await logged()).toEqual(before);
  });
});
