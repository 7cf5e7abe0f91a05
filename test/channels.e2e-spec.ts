import { AccessPolicy } from '../src/access/access-policy.js';
import type { ChannelThing } from '../src/modules/channels/index.js';
import { RoomDirectory } from '../src/realtime/room-directory.js';
import { type Caller, type ChannelRecord, ChannelWorld, type Person } from './channels.fixture.js';

type Level = 'none' | 'subscribe' | 'publish';

// Real: the whole server over HTTP, its access policy and its rooms, on the database of the run.
describe('channels over REST', () => {
  let world: ChannelWorld;
  let admin: Person;
  let insider: Person;
  let outsider: Person;
  let program: Caller;
  let plainKey: Caller;
  let group: number;

  beforeAll(async () => {
    world = await ChannelWorld.open();
    admin = world.admin;
    insider = await world.member('Insider');
    outsider = await world.member('Outsider');
    program = await world.apiKey({ ignore_acl: true });
    plainKey = await world.apiKey({ allow_user_create: true });
    group = await world.group(insider);
  });
  afterAll(() => world.close());

  const thing = (name: string): ChannelThing => ({ kind: 'channel', workspaceId: 1, name });

  /** Every door at once: what REST answers, what the policy says and whether the room opens. */
  async function doors(caller: Caller, name: string) {
    const { app } = world.server;
    const identity = await caller.identity();
    const listed = await caller.http.get<{ records: ChannelRecord[] }>('/api/channels?limit=100');
    const statusOf = async (reply: Promise<{ status: number }>): Promise<number> => (await reply).status;
    return {
      listed: listed.body.records.some((channel) => channel.name === name),
      get: await statusOf(caller.http.get(`/api/channels/${name}`)),
      history: await statusOf(caller.http.get(`/api/channels/${name}/history`)),
      publish: await statusOf(caller.http.post(`/api/channels/${name}/publish`, { payload: {} })),
      maySubscribe: await app.get(AccessPolicy).can(identity, 'subscribe', thing(name)),
      mayPublish: await app.get(AccessPolicy).can(identity, 'publish', thing(name)),
      room: (await app.get(RoomDirectory).open(`/channels/${name}`, identity)) !== null,
    };
  }

  const EXPECTED: Record<Level, Awaited<ReturnType<typeof doors>>> = {
    none: {
      ...{ listed: false, get: 404, history: 404, publish: 404 },
      ...{ maySubscribe: false, mayPublish: false, room: false },
    },
    subscribe: {
      ...{ listed: true, get: 200, history: 200, publish: 403 },
      ...{ maySubscribe: true, mayPublish: false, room: true },
    },
    publish: {
      ...{ listed: true, get: 200, history: 200, publish: 201 },
      ...{ maySubscribe: true, mayPublish: true, room: true },
    },
  };

  describe('the same answer at every door', () => {
    it.each<[Level, Level, Level, Level]>([
      // group      others       in the group  outside
      ['none', 'none', 'none', 'none'],
      ['none', 'subscribe', 'subscribe', 'subscribe'],
      ['none', 'publish', 'publish', 'publish'],
      ['subscribe', 'none', 'subscribe', 'none'],
      ['subscribe', 'subscribe', 'subscribe', 'subscribe'],
      ['subscribe', 'publish', 'publish', 'publish'],
      ['publish', 'none', 'publish', 'none'],
      ['publish', 'subscribe', 'publish', 'subscribe'],
      ['publish', 'publish', 'publish', 'publish'],
    ])('group %s, others %s', async (groupLevel, othersLevel, inGroup, outside) => {
      const name = `matrix-${groupLevel}-${othersLevel}`;
      await world.channel(name, { group, group_permissions: groupLevel, other_permissions: othersLevel });
      expect(await doors(insider, name)).toEqual(EXPECTED[inGroup]);
      expect(await doors(outsider, name)).toEqual(EXPECTED[outside]);
      expect(await doors(admin, name)).toEqual(EXPECTED.publish);
      expect(await doors(program, name)).toEqual(EXPECTED.publish);
      expect(await doors(plainKey, name)).toEqual(EXPECTED.none);
    });

    it('a membership opens and closes a channel with the next request', async () => {
      const late = await world.member('Late');
      await world.channel('members-only', { group, group_permissions: 'publish' });
      expect(await doors(late, 'members-only')).toEqual(EXPECTED.none);
      await world.addToGroup(group, late.id);
      expect(await doors(late, 'members-only')).toEqual(EXPECTED.publish);
      await admin.http.delete(`/api/groups/${group}/members/${late.id}`);
      expect(await doors(late, 'members-only')).toEqual(EXPECTED.none);
    });

    it('only administrators make, change and delete channels', async () => {
      await world.channel('guarded', { other_permissions: 'publish' });
      for (const { http } of [insider, outsider, program, plainKey]) {
        expect(await http.post('/api/channels', { name: 'mine' })).toMatchObject({ status: 403 });
        expect(await http.patch('/api/channels/guarded', { description: 'x' })).toMatchObject({ status: 403 });
        expect(await http.delete('/api/channels/guarded')).toMatchObject({ status: 403 });
      }
      expect(await world.server.http.get('/api/channels/guarded')).toMatchObject({ status: 401 });
      expect(await admin.http.patch('/api/channels/guarded', { description: 'x' })).toMatchObject({ status: 200 });
      expect(await admin.http.delete('/api/channels/guarded')).toMatchObject({ status: 204, body: '' });
    });
  });

  describe('making and changing', () => {
    it('a new channel has the defaults, and exactly the keys of its view', async () => {
      const reply = await admin.http.post('/api/channels', { name: ' Quiet ' });
      expect(reply).toMatchObject({ status: 201 });
      expect(reply.body).toEqual({
        id: expect.any(Number),
        name: 'quiet',
        type: 'default',
        description: '',
        group: null,
        group_permissions: 'none',
        other_permissions: 'none',
        custom_publish: false,
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        updated_at: reply.body.created_at,
      });
      expect(await admin.http.get('/api/channels/QUIET')).toMatchObject({ status: 200, body: reply.body });
    });

    it('a name is taken once, however it is written', async () => {
      await world.channel('taken');
      const replies = await Promise.all([1, 2, 3].map(() => admin.http.post('/api/channels', { name: 'TAKEN ' })));
      expect(replies.map(({ status }) => status)).toEqual([409, 409, 409]);
      expect(replies[0]!.body).toMatchObject({ error: { code: 'channel.name_taken' } });
    });

    it('a change touches only what it names', async () => {
      const before = await world.channel('changing', { group, group_permissions: 'subscribe', description: 'old' });
      const { body } = await admin.http.patch('/api/channels/Changing', { description: '', custom_publish: false });
      expect(body).toEqual({ ...before, description: '', custom_publish: false, updated_at: expect.any(String) });
      expect(await admin.http.patch('/api/channels/changing', { group: null })).toMatchObject({
        body: { group: null },
      });
    });

    it('a change that changes nothing is none', async () => {
      const before = await world.channel('steady', { description: 'same' });
      const { body } = await admin.http.patch('/api/channels/steady', { description: 'same', group: null });
      expect(body).toEqual(before);
      expect(await admin.http.patch('/api/channels/steady', {})).toMatchObject({ status: 200, body: before });
    });

    it('a channel can only name a group that exists', async () => {
      await world.channel('grouped');
      const refused = { status: 400, body: { error: { code: 'channel.group_unknown' } } };
      expect(await admin.http.post('/api/channels', { name: 'nogroup', group: 999_999 })).toMatchObject(refused);
      expect(await admin.http.patch('/api/channels/grouped', { group: 999_999 })).toMatchObject(refused);
      expect(await admin.http.get('/api/channels/nogroup')).toMatchObject({ status: 404 });
    });

    it('a group that goes leaves its channels, without the group', async () => {
      const passing = await world.group(insider);
      await world.channel('orphan-1', { group: passing, group_permissions: 'publish' });
      await world.channel('orphan-2', {
        group: passing,
        group_permissions: 'subscribe',
        other_permissions: 'subscribe',
      });
      expect(await admin.http.delete(`/api/groups/${passing}`)).toMatchObject({ status: 204 });
      expect(await admin.http.get('/api/channels/orphan-1')).toMatchObject({ body: { group: null } });
      expect(await insider.http.get('/api/channels/orphan-1')).toMatchObject({ status: 404 });
      expect(await insider.http.get('/api/channels/orphan-2')).toMatchObject({ status: 200, body: { group: null } });
    });

    it('the two channels that every workspace has are there and stay', async () => {
      for (const [name, customPublish] of [['default', true] as const, ['eventlog', false] as const]) {
        expect((await admin.http.get(`/api/channels/${name}`)).body).toMatchObject({
          ...{ type: 'separate_rooms', custom_publish: customPublish },
          ...{ group_permissions: 'none', other_permissions: 'none' },
        });
        const refused = { status: 403, body: { error: { code: 'channel.system_channel' } } };
        expect(await admin.http.delete(`/api/channels/${name}`)).toMatchObject(refused);
      }
    });
  });

  describe('the list', () => {
    it('comes in pages, with the position of one snapshot', async () => {
      const all = await admin.http.get<{ records: ChannelRecord[]; position: number }>('/api/channels?limit=100');
      const names: string[] = [];
      let after = '';
      for (;;) {
        const { body } = await admin.http.get<{ records: ChannelRecord[]; has_next_page: boolean; position: number }>(
          `/api/channels?limit=4${after}`,
        );
        expect(body.position).toBe(all.body.position);
        names.push(...body.records.map((channel) => channel.name));
        if (!body.has_next_page) break;
        after = `&after=${body.records.at(-1)!.id}`;
      }
      expect(names).toEqual(all.body.records.map((channel) => channel.name));
      expect(names.slice(0, 2)).toEqual(['default', 'eventlog']);
    });

    it('brings the tokens of its rooms along, for those that can be joined', async () => {
      await world.channel('joinable', { other_permissions: 'subscribe' });
      await world.channel('with-rooms', { other_permissions: 'subscribe', type: 'separate_rooms' });
      const { body } = await outsider.http.get<{ websockets: { room: string; token: string }[] }>(
        '/api/channels?limit=100&websockets=1',
      );
      const rooms = body.websockets.map(({ room }) => room);
      expect(rooms).toEqual(expect.arrayContaining(['/channels', '/channels/joinable']));
      expect(rooms).not.toContain('/channels/with-rooms');
      const refused = await program.http.get('/api/channels?websockets=1');
      expect(refused).toMatchObject({ status: 403, body: { error: { code: 'room.members_only' } } });
    });
  });

  describe('bad input', () => {
    it.each([
      [{}, 'name'],
      [{ name: '' }, 'name'],
      [{ name: 7 }, 'name'],
      [{ name: '1st' }, 'name'],
      [{ name: 'x'.repeat(65) }, 'name'],
      [{ name: 'nul\0' }, 'name'],
      [{ name: 'fine', type: 'other' }, 'type'],
      [{ name: 'fine', description: 'x'.repeat(257) }, 'description'],
      [{ name: 'fine', description: 'nul\0' }, 'description'],
      [{ name: 'fine', group: 'friends' }, 'group'],
      [{ name: 'fine', group: 0 }, 'group'],
      [{ name: 'fine', group_permissions: 'full' }, 'group_permissions'],
      [{ name: 'fine', other_permissions: null }, 'other_permissions'],
      [{ name: 'fine', custom_publish: 'true' }, 'custom_publish'],
      [{ name: 'fine', owner_member_id: 1 }, ''],
      [[], ''],
    ])('POST %j is refused at "%s"', async (body, path) => {
      const reply = await admin.http.post<{ error: { details: { issues: { path: string }[] } } }>(
        '/api/channels',
        body,
      );
      expect(reply).toMatchObject({ status: 400, body: { error: { code: 'request.invalid' } } });
      expect(reply.body.error.details.issues[0]!.path).toBe(path);
    });

    it.each([{ name: 'other' }, { type: 'separate_rooms' }, { group: 1.5 }, { description: null }, { nonsense: 1 }])(
      'PATCH %j is refused',
      async (body) => {
        expect(await admin.http.patch('/api/channels/default', body)).toMatchObject({ status: 400 });
      },
    );

    it.each(['?limit=0', '?limit=101', '?limit=x', '?after=-1', '?after=a', '?websockets=yes', '?page=2'])(
      'GET %s is refused',
      async (query) => {
        expect(await admin.http.get(`/api/channels${query}`)).toMatchObject({ status: 400 });
      },
    );

    it.each(['%00', 'no%20such', 'x'.repeat(99), '%F0%9F%98%80', "'; DROP TABLE channels; --"])(
      'a name that no channel can have is not found: %s',
      async (name) => {
        for (const path of [`/api/channels/${name}`, `/api/channels/${name}/history`]) {
          expect(await admin.http.get(path)).toMatchObject({ status: 404 });
        }
      },
    );
  });
});
