import { DataSource } from 'typeorm';
import { Hub } from '../src/realtime/hub.js';
import { SessionRegistry } from '../src/realtime/session-registry.js';
import { at, openGroup, roomOf, type RoomRecord, send, ticket } from './support/chat.js';
import { type Nodes, startNodes } from './support/nodes.js';
import { type Person, register } from './support/people.js';
import { connectTo } from './support/presence.js';
import { RawWebSocket } from './support/raw-web-socket.js';
import type { SocketClient } from './support/socket-client.js';

/** Together far more than the sockets of this computer take in when nobody reads. */
const SIGNALS = 250;
const LARGE = 'x'.repeat(60_000);

// Real: HTTP and the stock client; two servers, PostgreSQL and Redis where they are there.
describe('typing', () => {
  let started: Nodes;
  let ann: Person;
  let bob: Person;
  let group: RoomRecord;
  let room: string;
  /** Ann on each node, in the room. */
  let anns: SocketClient[];
  const open: { close(): void }[] = [];

  beforeAll(async () => {
    started = await startNodes();
    [ann, bob] = [await register(started.nodes[0].http, 'Ann'), await register(started.nodes[0].http, 'Bob')];
  });
  beforeEach(async () => {
    group = await openGroup(ann, [bob]);
    room = roomOf(group);
    anns = [];
    for (const node of started.nodes) {
      const client = await connectTo(node, ann);
      await client.join(room, await ticket(ann, room));
      anns.push(client);
    }
    open.push(...anns);
  });
  afterEach(() => open.splice(0).forEach((client) => client.close()));
  afterAll(() => started.close());

  /** Ephemeral, so it is repeated until it has come: the nodes may still be on their way to each other. */
  async function until(heard: Promise<unknown>, act: () => void): Promise<void> {
    const repeat = setInterval(act, 50);
    act();
    await heard;
    clearInterval(repeat);
  }

  it('reaches those who are in the room on both nodes, as it was sent', async () => {
    const sender = await connectTo(started.nodes[0], bob);
    open.push(sender);
    const data = { type: 'writing', event: { user_id: bob.id, name: 'Bob', is_writing: true } };
    const token = await ticket(bob, room);
    const heard = Promise.all(anns.map((client) => client.next('realtime:event')));
    await until(heard, () => sender.emit('realtime:event', { name: room, token, data }));
    for (const frame of await heard) expect(frame).toEqual({ name: room, data });
    expect(sender.count('realtime:event')).toBe(0);
  });

  it('the server itself may tell a room something, which names its type', async () => {
    const target = { room, stream: room.slice(1), workspaceId: 1 };
    const heard = Promise.all(anns.map((client) => client.next('realtime:event')));
    await until(heard, () => {
      started.nodes[0].app.get(Hub).signalAs('application', target, { action: 'configure' });
    });
    for (const frame of await heard) {
      expect(frame).toEqual({ name: room, data: { action: 'configure', _type: 'application' } });
    }
  });

  it('never enters the log, and is replayed to nobody', async () => {
    const logged = async (): Promise<unknown> =>
      started.nodes[0].app.get(DataSource).query('SELECT count(*) FROM events');
    const sender = await connectTo(started.nodes[0], bob);
    open.push(sender);
    const token = await ticket(bob, room);
    const before = await logged();
    await until(anns[0]!.next('realtime:event'), () => sender.emit('realtime:event', { name: room, token, data: 1 }));
    expect(await logged()).toEqual(before);
    const late = await connectTo(started.nodes[1], ann);
    open.push(late);
    await late.join(room, await ticket(ann, room), { last_id: 0 });
    await send(ann, group, 'proof');
    await late.next('realtime:resource', ({ type }) => type === 'message');
    expect(late.count('realtime:event')).toBe(0);
  });

  it('is dropped when a client does not read, before anything that is logged', async () => {
    const [node] = started.nodes;
    for (const client of anns) client.close();
    const stuck = await RawWebSocket.open(node.url);
    const sender = await connectTo(node, bob);
    open.push(stuck, sender);
    stuck.emit('authenticate', { token: bob.token });
    await stuck.heard('authenticated');
    stuck.emit('realtime:join', { name: room, token: await ticket(bob, room), last_id: 0 });
    await stuck.heard('realtime:join:success');
    const sessions = node.app.get(SessionRegistry);
    stuck.stopReading();

    const token = await ticket(bob, room);
    for (let count = 0; count < SIGNALS; count += 1) sender.emit('realtime:event', { name: room, token, data: LARGE });
    // Requests of a client are served in their order: by this answer all of the typing has been passed on.
    sender.emit('realtime:leave', { name: room });
    await sender.next('realtime:leave:success');
    for (let count = 1; count <= 20; count += 1) await send(at(node, ann), group, `message ${count}`);
    expect([...sessions.ofMember(bob.id)]).toHaveLength(2);

    stuck.readOn();
    await stuck.heard('message 20');
    expect(stuck.numbers()).toEqual(stuck.numbers().map((_number, index) => index + 1));
    expect(stuck.count('realtime:event')).toBeGreaterThan(0);
    expect(stuck.count('realtime:event')).toBeLessThan(SIGNALS);
  });
});
