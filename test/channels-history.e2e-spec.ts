import { Clock } from '../src/common/clock.js';
import { Transactions } from '../src/database/transactions.js';
import { EventLog } from '../src/events/event-log.js';
import { channelStreams } from '../src/modules/channels/index.js';
import {
  type Caller,
  type ChannelRecord,
  ChannelWorld,
  history,
  idsOf,
  type Person,
  upTo,
} from './channels.fixture.js';

// Real: the whole server over HTTP, on the database of the run.
describe('the history of a channel', () => {
  let world: ChannelWorld;
  let admin: Person;
  let ann: Person;
  let program: Caller;
  let rooms: ChannelRecord;

  beforeAll(async () => {
    world = await ChannelWorld.open();
    admin = world.admin;
    ann = await world.member('Ann');
    program = await world.apiKey({ ignore_acl: true });
    await world.channel('log', { other_permissions: 'subscribe' });
    for (const n of upTo(7)) await world.publish('log', { n });
    rooms = await world.channel('rooms', { type: 'separate_rooms', other_permissions: 'subscribe' });
    for (const n of upTo(6)) await world.publish('rooms', { n }, n % 2 === 0 ? 'Even' : 'Odd');
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => world.close());

  it.each([
    ['', [7, 6, 5, 4, 3, 2, 1]],
    ['?limit=3', [7, 6, 5]],
    ['?limit=3&before=5', [4, 3, 2]],
    ['?before=1', []],
    ['?last_id=0', [7, 6, 5, 4, 3, 2, 1]],
    ['?last_id=5', [7, 6]],
    ['?last_id=7', []],
    ['?last_id=999', []],
    ['?last_id=2&before=6&limit=2', [5, 4]],
    ['?room=ignored', [7, 6, 5, 4, 3, 2, 1]],
  ])('is newest first: %s', async (query, expected) => {
    expect(idsOf(await history(ann, 'log', query))).toEqual(expected);
  });

  it.each([
    '?limit=0',
    '?limit=101',
    '?last_id=-1',
    '?last_id=x',
    '?before=0',
    '?room=',
    '?page=1',
    '?limit=1&limit=2',
  ])('refuses %s', async (query) => {
    expect(await ann.http.get(`/api/channels/log/history${query}`)).toMatchObject({ status: 400 });
  });

  it('carries the position of the same moment, channel changes counted but not shown', async () => {
    await world.change('log', { description: 'changed' });
    const { records, position } = await history(ann, 'log');
    expect(position).toBe(8);
    expect(records.every((record) => record.action === 'custom')).toBe(true);
    expect(await world.publish('log', {})).toMatchObject({ id: 9 });
  });

  it('of separate rooms: members name one, administrators and programs may see them all', async () => {
    const refused = { status: 400, body: { error: { code: 'channel.room_required' } } };
    expect(await ann.http.get('/api/channels/rooms/history')).toMatchObject(refused);
    expect(idsOf(await history(ann, 'rooms', '?room=EVEN'))).toEqual([6, 4, 2]);
    expect(idsOf(await history(ann, 'rooms', '?room=odd&last_id=1'))).toEqual([5, 3]);
    expect(idsOf(await history(ann, 'rooms', '?room=unknown'))).toEqual([]);
    for (const caller of [admin, program]) {
      const { records } = await history(caller, 'rooms');
      expect(records.map(({ id, room }) => `${id} ${room}`)).toEqual([
        ...['6 even', '5 odd', '4 even', '3 odd', '2 even', '1 odd'],
      ]);
      expect(idsOf(await history(caller, 'rooms', '?room=odd'))).toEqual([5, 3, 1]);
    }
  });

  it('shows at most the newest 1000 of each room', async () => {
    await world.publish('rooms', { first: true }, 'busy');
    await world.publish('rooms', { calm: 1 }, 'calm');
    const resource = { room: 'busy', action: 'custom', author: {}, metadata: { type: 'message' }, payload: {} };
    const draft = { stream: channelStreams.channel(rooms.id), action: 'custom', type: 'message', path: null };
    const log = world.server.app.get(EventLog);
    await world.server.app.get(Transactions).run(async (manager) => {
      const drafts = upTo(1004).map(() => ({ ...draft, room: 'busy', resource, numbered: true }));
      log.append(manager, drafts);
    });
    await world.publish('rooms', { calm: 2 }, 'calm');

    const all = async (caller: Caller, room: string): Promise<(string | null)[]> => {
      const seen: (string | null)[] = [];
      for (let before = ''; ;) {
        const { records } = await history(caller, 'rooms', `?limit=100${room}${before}`);
        seen.push(...records.map((record) => record.room));
        if (records.length < 100) return seen;
        before = `&before=${records.at(-1)!.id}`;
      }
    };
    const seen = await all(admin, '');
    expect(seen.filter((room) => room === 'busy')).toHaveLength(1000);
    expect(seen.filter((room) => room === 'calm')).toHaveLength(2);
    expect(seen.filter((room) => room === 'odd')).toHaveLength(3);
    expect(await all(ann, '&room=busy')).toHaveLength(1000);
    expect(idsOf(await history(ann, 'rooms', '?room=busy&before=9'))).toEqual([]);
  });

  it('forgets what is older than the retention time', async () => {
    await world.channel('fading');
    await world.publish('fading', { day: 1 });
    const clock = world.server.app.get(Clock);
    const later = new Date(Date.now() + 20 * 3_600_000);
    const now = jest.spyOn(clock, 'now').mockImplementation(() => later);
    await world.publish('fading', { day: 2 });
    expect(idsOf(await history(admin, 'fading'))).toEqual([2, 1]);
    now.mockImplementation(() => new Date(Date.now() + 25 * 3_600_000));
    const { records, position } = await history(admin, 'fading', '?last_id=0');
    expect(records.map(({ id }) => id)).toEqual([2]);
    expect(position).toBe(2);
  });
});
