import { type MessagePage, openGroup, roomOf, send, ticket } from './support/chat.js';
import { register } from './support/people.js';
import { RawWebSocket } from './support/raw-web-socket.js';
import { ResumingClient } from './support/resuming-client.js';
import { startServer } from './support/start-server.js';
import { SessionRegistry } from '../src/realtime/session-registry.js';

const BODY = 'x'.repeat(9_000);
const MESSAGES = 1_500;
const SENDERS = 8;

// Real: HTTP, the stock client, and a WebSocket client that stops reading.
describe('a client that stops reading', () => {
  it('is cut off as too slow, and resumes with last_id without missing anything; others feel nothing', async () => {
    const server = await startServer();
    const [ann, bob] = [await register(server.http, 'Ann'), await register(server.http, 'Bob')];
    const group = await openGroup(ann, [bob]);
    const room = roomOf(group);
    const healthy = new ResumingClient(bob.token, room, await ticket(bob, room));
    await healthy.connect(server.url);

    const stuck = await RawWebSocket.open(server.url);
    stuck.emit('authenticate', { token: ann.token });
    await stuck.heard('authenticated');
    stuck.emit('realtime:join', { name: room, token: await ticket(ann, room), last_id: 0 });
    await stuck.heard('realtime:join:success');
    stuck.stopReading();
    const sessions = server.app.get(SessionRegistry);
    expect([...sessions.ofMember(ann.id)]).toHaveLength(1);

    let started = 0;
    const sender = async (): Promise<void> => {
      while ((started += 1) <= MESSAGES && [...sessions.ofMember(ann.id)].length > 0) await send(bob, group, BODY);
    };
    await Promise.all(Array.from({ length: SENDERS }, sender));
    expect([...sessions.ofMember(ann.id)]).toEqual([]);

    const { body } = await bob.http.get<MessagePage>(`/api${room}/messages?limit=1`);
    await healthy.reached(body.position);
    expect(healthy.seen.map(({ id }) => id)).toEqual(
      Array.from({ length: body.position }, (_value, index) => index + 1),
    );
    expect(healthy.joins).toHaveLength(1);

    stuck.readOn();
    await stuck.closed;
    const last = Math.max(...stuck.numbers());
    expect(stuck.numbers()).toEqual(Array.from({ length: last }, (_value, index) => index + 1));
    expect(last).toBeLessThan(body.position);
    const back = new ResumingClient(ann.token, room, await ticket(ann, room), last);
    await back.connect(server.url);
    await back.reached(body.position);
    expect(back.joins[0]).not.toHaveProperty('resync');
    expect(back.seen).toEqual(healthy.seen.slice(last));
    stuck.close();
    healthy.close();
    back.close();
    await server.close();
  });
});
