import { Hub } from '../src/realtime/hub.js';
import { RealtimeWorld } from './support/realtime-world.js';

// Real: the whole server and the stock client. The numbers are the cases of docs/dialects/socket-io.md.
describe('resuming over Socket.IO', () => {
  let world: RealtimeWorld;

  beforeAll(async () => (world = await RealtimeWorld.start()));
  afterEach(() => world.closeClients());
  afterAll(() => world.close());

  it('last_id replays what was missed, then goes on live, without hole or double', async () => {
    await world.boards.publish('resume', ...Array.from({ length: 1_200 }, (_value, index) => `${index + 1}`));
    const client = await world.connectAs(world.ann);
    const token = await world.roomToken(world.ann, '/boards/resume');
    const writing = (async () => {
      for (let step = 0; step < 100; step += 1) await world.boards.publish('resume', 'live');
    })();
    expect(await client.join('/boards/resume', token, { last_id: 37 })).toMatchObject({ position: 37 });
    await writing;
    await client.next('realtime:resource', (payload) => payload.id === 1_300);
    expect(client.resources().map((frame) => frame.id)).toEqual(
      Array.from({ length: 1_300 - 37 }, (_value, index) => index + 38),
    );
  });

  it('the position and epoch of a join may be used as they are', async () => {
    const client = await world.connectAs(world.ann);
    const at = await world.joinAs(client, world.ann, '/boards/position');
    expect(at).toEqual({ name: '/boards/position', position: 0, epoch: expect.stringMatching(/^\w{12}$/) as string });
    await world.boards.publish('position', 'a');
    const second = await world.connectAs(world.ann);
    await world.joinAs(second, world.ann, '/boards/position', { position: at.position, epoch: at.epoch });
    expect(await second.next('realtime:resource')).toMatchObject({ id: 1 });
  });

  it.each([
    ['ahead of the stream', { last_id: 99 }],
    ['of another log', { last_id: 1, epoch: 'another' }],
    ['of another log, as an object', { position: { seq: 1, epoch: 'another' } }],
  ])('a position %s is answered with resync, then live events', async (name, more) => {
    const board = `resync-${name.length}`;
    await world.boards.publish(board, 'a', 'b');
    const client = await world.connectAs(world.ann);
    expect(await world.joinAs(client, world.ann, `/boards/${board}`, more)).toMatchObject({
      resync: true,
      position: 2,
    });
    await world.boards.publish(board, 'c');
    expect(await client.next('realtime:resource')).toMatchObject({ id: 3 });
    expect(client.resources()).toHaveLength(1);
  });

  it('a member who lost a room gets none of its later events, is told so, and cannot replay', async () => {
    const [gone, stays] = [await world.connectAs(world.bob), await world.connectAs(world.ann)];
    const token = await world.roomToken(world.bob, '/boards/barred');
    await gone.join('/boards/barred', token);
    await world.joinAs(stays, world.ann, '/boards/barred');
    await world.boards.publish('barred', 'before');
    await gone.next('realtime:resource');
    await world.boards.bar(world.bob.id, 'barred');
    await world.boards.publish('barred', 'after');
    await stays.next('realtime:resource', (payload) => payload.id === 2);
    expect(await gone.next('realtime:join:error')).toMatchObject({ name: '/boards/barred', code: 'room.revoked' });
    gone.emit('realtime:join', { name: '/boards/barred', token, last_id: 0 });
    expect(await gone.next('realtime:join:error')).toMatchObject({ name: '/boards/barred', code: 'room.forbidden' });
    expect(gone.resources().map((frame) => frame.id)).toEqual([1]);
  });

  it('a hint that never comes is found by the sweep', async () => {
    const client = await world.connectAs(world.ann);
    await world.joinAs(client, world.ann, '/boards/swept');
    const hub = world.server.app.get(Hub) as unknown as {
      take: (hints: unknown[]) => void;
      sweep: () => Promise<void>;
    };
    const take = hub.take.bind(hub);
    hub.take = () => undefined;
    await world.boards.publish('swept', 'a', 'b');
    hub.take = take;
    await hub.sweep();
    await client.next('realtime:resource', (payload) => payload.id === 2);
    expect(client.resources().map((frame) => frame.id)).toEqual([1, 2]);
  });

  it('hints that come late, doubled and out of order are harmless', async () => {
    const client = await world.connectAs(world.ann);
    await world.joinAs(client, world.ann, '/boards/shuffled');
    const hub = world.server.app.get(Hub) as unknown as { take: (hints: object[]) => void };
    const take = hub.take.bind(hub);
    const held: object[] = [];
    hub.take = (hints) => void held.push(...hints);
    for (const text of ['1', '2', '3', '4', '5']) await world.boards.publish('shuffled', text);
    hub.take = take;
    for (const index of [4, 4, 1, 3, 0, 2, 1]) take([held[index]!]);
    await client.next('realtime:resource', (payload) => payload.id === 5);
    await world.boards.publish('shuffled', '6');
    await client.next('realtime:resource', (payload) => payload.id === 6);
    expect(client.resources().map((frame) => frame.resource.text)).toEqual(['1', '2', '3', '4', '5', '6']);
  });
});
