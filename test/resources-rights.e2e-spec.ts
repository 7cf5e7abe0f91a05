import { EventLog } from '../src/events/event-log.js';
import { resourceStreams } from '../src/modules/resources/resources.streams.js';
import { WorkspacesService } from '../src/modules/workspaces/index.js';
import type { HttpClient } from './support/http-client.js';
import type { Person } from './support/people.js';
import { openSocket, type SocketClient } from './support/socket-client.js';
import { ticket } from './support/chat.js';
import { LiveClient } from './support/live-client.js';
import {
  collection,
  type Document,
  hats,
  HERE,
  key,
  liveConfig,
  put,
  ResourceWorld,
  statusOf,
} from './resources.fixture.js';

// Real: the whole server over HTTP, its database, and the stock Socket.IO client; two nodes where the run allows it.
describe('who sees which resources', () => {
  let world: ResourceWorld;
  let ann: Person;
  let http: HttpClient;
  let boss: HttpClient;
  let program: HttpClient;

  beforeAll(async () => {
    world = await ResourceWorld.open();
    boss = world.boss.http;
    program = (await world.program()).http;
  });
  beforeEach(async () => {
    ann = await world.person('Ann');
    http = ann.http;
  });
  afterAll(() => world.close());

  const write = (path: string, value: unknown, by = http): Promise<Document> => put(by, path, value);

  describe('rights', () => {
    const of = (path: string, { id }: Pick<Person, 'id'>): string => `${path}?member=${id}`;

    it('a member writes their client store, and only reads their server store', async () => {
      await write(key('k'), 1);
      await write(of(key('k', 'server'), ann), 2, program);
      expect(await http.get(key('k', 'server'))).toMatchObject({ status: 200, body: { value: 2 } });
      expect(await statusOf(http.put(key('k', 'server'), { value: 3 }))).toBe(403);
      expect(await statusOf(http.patch(key('k', 'server'), { value: 3 }))).toBe(403);
      expect(await statusOf(http.delete(key('k', 'server')))).toBe(403);
    });

    it('nobody else sees a member’s keys but a program: not even that they are there', async () => {
      await write(key('k'), 1);
      const bob = await world.person('Bob');
      for (const other of [bob.http, boss]) {
        const replies = [
          await other.get(of(key('k'), ann)),
          await other.put(of(key('k'), ann), { value: 2 }),
          await other.get(of(key('absent'), ann)),
          await other.get(of('/api/resources/kv/world/client', ann)),
        ];
        expect(replies.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
        expect(new Set(replies.map(({ body }) => JSON.stringify(body))).size).toBe(1);
      }
      await write(of(key('k'), ann), 'by a program', program);
      expect((await program.get(of(key('k'), ann))).body).toMatchObject({ value: 'by a program' });
    });

    it('a program says whose, and only of its own workspace', async () => {
      expect(await program.get(key('k'))).toMatchObject({
        status: 400,
        body: { error: { code: 'resource.member_required' } },
      });
      const neighbour = await world.neighbour('next-door');
      expect(await statusOf(program.put(of(key('k'), neighbour), { value: 1 }))).toBe(404);
      expect(await statusOf(program.put(of(key('k'), { id: 424242 }), { value: 1 }))).toBe(404);
    });

    it('what is public everybody reads and administrators write', async () => {
      for (const [path, value] of [
        [collection('public'), hats('a')],
        [liveConfig('rights'), { a: 1 }],
      ] as const) {
        await write(path, value, boss);
        for (const reader of [http, program]) expect(await reader.get(path)).toMatchObject({ body: { value } });
        for (const writer of [http, program]) expect(await statusOf(writer.put(path, { value }))).toBe(403);
        expect(await statusOf(http.delete(path))).toBe(403);
      }
    });

    it('a member’s collection they read themselves, and programs and administrators write', async () => {
      await write(collection('private', ann), hats('a'), program);
      await write(collection('private', ann), hats('b'), boss);
      expect(await http.get(collection('private'))).toMatchObject({ body: { value: hats('b') } });
      expect(await statusOf(http.put(collection('private'), { value: hats() }))).toBe(403);
      const bob = await world.person('Bob');
      expect(await statusOf(bob.http.get(collection('private', ann)))).toBe(404);
    });

    it('another workspace is another world', async () => {
      const neighbour = await world.neighbour('another', 'administrator');
      await write(liveConfig('walls'), { of: 'another' }, neighbour.http);
      expect(await statusOf(boss.get(liveConfig('walls')))).toBe(404);
      expect(await statusOf(world.at(boss, { organization: 'another' }).get(liveConfig('walls')))).toBe(403);
      expect(await statusOf(world.at(neighbour, { organization: 'main' }).get(liveConfig('walls')))).toBe(403);
      expect(await neighbour.http.get(liveConfig('walls'))).toMatchObject({ body: { organization: null } });
    });
  });

  it('a workspace keeps its documents under another name', async () => {
    const neighbour = await world.neighbour('before', 'administrator');
    await write(liveConfig('kept'), { kept: true }, world.at(neighbour, { organization: 'before' }));
    const workspaces = world.nodes[0].app.get(WorkspacesService);
    await workspaces.change((await workspaces.find('before'))!.id, { name: 'after' });
    expect(await statusOf(world.at(neighbour, { organization: 'before' }).get(liveConfig('kept')))).toBe(403);
    for (const http of [neighbour.http, world.at(neighbour, { organization: 'after' })]) {
      expect(await http.get(liveConfig('kept'))).toMatchObject({ status: 200, body: { value: { kept: true } } });
    }
  });

  describe('a place', () => {
    it('is what the headers say, in either spelling, and what they do not say has a default', async () => {
      await write(key('k'), 'default');
      const spelled = { 'x-m2-organization-id': 'MAIN', 'x-m2-project-id': 'default', 'x-m2-world-id': 'default' };
      expect(await http.with(spelled).get(key('k'))).toMatchObject({ body: { value: 'default' } });
      expect(await statusOf(world.at(http, { ...HERE, world: 'w' }).get(key('k')))).toBe(404);
    });

    it.each([
      ['two values of one name', { 'x-m2-project': 'a', 'x-m2-project-id': 'b' }, 'resource.context_ambiguous'],
      ['a world without a project', { 'x-m2-world': 'w' }, 'resource.project_required'],
      ['a name with a colon', { 'x-m2-project': 'a:b' }, 'resource.context_invalid'],
      ['an empty name', { 'x-m2-project': '' }, 'resource.context_invalid'],
      ['a name of 129 letters', { 'x-m2-project': 'x'.repeat(129) }, 'resource.context_invalid'],
    ])('%s is refused', async (_what, headers, code) => {
      const reply = await http.with(headers as Record<string, string>).get(key('k'));
      expect(reply).toMatchObject({ status: 400, body: { error: { code } } });
    });
  });

  describe('in rooms', () => {
    const sockets: SocketClient[] = [];
    afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));

    const listen = async (person: Person, rooms: string[]): Promise<SocketClient> => {
      const socket = await (await openSocket(world.nodes[1].url)).authenticate(person.token);
      sockets.push(socket);
      for (const room of rooms) await socket.join(room, await ticket(person, room));
      return socket;
    };

    it('a document is heard of before it is there, and after it has gone', async () => {
      const room = `/resources/kv/world/~:default:default/${ann.id}/client/k`;
      const socket = await listen(ann, [room]);
      const { version } = await write(key('k'), 1);
      await http.delete(key('k'));
      await write(key('k'), 2);
      const heard = [];
      for (const _ of [1, 2, 3]) heard.push(await socket.next('realtime:resource'));
      expect(heard.map(({ action, resource }) => [action, (resource as Document).value])).toEqual([
        ['created', 1],
        ['deleted', null],
        ['created', 2],
      ]);
      expect(heard[0]).toMatchObject({ id: 1, type: 'resource', path: room, room, resource: { name: 'k', version } });
    });

    it('a member’s own room has all that is theirs, the shared one what is everybody’s', async () => {
      const socket = await listen(ann, [`/resources/members/${ann.id}`, '/resources']);
      const bob = await world.person('Bob');
      await write(key('mine'), 1);
      await write(key('his'), 1, bob.http);
      await write(collection('private', bob), hats(), boss);
      await write(collection('private', ann), hats(), boss);
      await write(liveConfig('shared'), {}, boss);
      const heard = [];
      for (const _ of [1, 2, 3]) heard.push(await socket.next('realtime:resource'));
      const names = heard.map(({ resource }) => (resource as { name: string }).name);
      expect(names.sort()).toEqual(['mine', 'private', 'shared']);
      await write(key('last'), 1);
      expect(await socket.next('realtime:resource')).toMatchObject({ resource: { name: 'last' } });
    });

    it('the topic of their table has what a member may read, and nothing of others', async () => {
      const client = await LiveClient.open(world.nodes[1].url, ann.token);
      await client.subscribe('resources');
      const bob = await world.person('Bob');
      await write(key('his'), 1, bob.http);
      await write(key('mine'), 1);
      await write(liveConfig('of all'), {}, boss);
      await client.next(({ EventData }) => EventData?.name === 'of all');
      await write(key('last'), 1);
      await client.next(({ EventData }) => EventData?.name === 'last');
      const names = client.events('resources').map(({ EventData }) => EventData.name as string);
      expect(names.sort()).toEqual(['last', 'mine', 'of all']);
      client.close();
    });

    it('a row of that topic has its own version, and the log counts its changes, also those of one commit', async () => {
      const client = await LiveClient.open(world.nodes[1].url, ann.token);
      await client.subscribe('resources');
      const first = await write(key('counted'), 1);
      await Promise.all([2, 3, 4, 5].map((value) => write(key('counted'), value)));
      await http.delete(key('counted'));
      await write(key('counted'), 6);
      await client.next(({ EventData }) => EventData?.value === 6);
      expect(client.events('resources')[0]).toMatchObject({ EventData: { name: 'counted', version: first.version } });
      const log = world.nodes[0].app.get(EventLog);
      const events = await log.read(resourceStreams.list(1, ann.id), 0, 1000);
      const counted = events.filter(({ resource }) => resource?.name === 'counted');
      expect(counted.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7]);
      client.close();
    });

    it('nobody gets into the room of what they may not read', async () => {
      const bob = await world.person('Bob');
      const neighbour = await world.neighbour('room-door');
      const own = `kv/world/~:default:default/${ann.id}/client/k`;
      const rooms = [own, `collections/~:default/private/${ann.id}`, `members/${ann.id}`];
      const answer = (person: Person, room: string): Promise<number> =>
        statusOf(person.http.post('/api/realtime/tokens', { rooms: [`/resources/${room}`] }));
      for (const room of rooms) {
        expect(await answer(ann, room)).toBe(201);
        expect(await answer(bob, room)).toBe(403);
        expect(await answer(neighbour, room)).toBe(403);
      }
      expect(await answer(neighbour, 'live-config/main:default/game')).toBe(403);
      expect(await answer(ann, 'live-config/room-door:default/game')).toBe(403);
      expect(await answer(ann, 'live-config/main:default/game')).toBe(403);
      for (const room of [
        `${own}/more`,
        own.replace('client', 'x'),
        own.replace('world', 'w'),
        'live-config/main/game',
      ]) {
        expect(await answer(ann, room)).toBe(403);
      }
    });
  });
});
