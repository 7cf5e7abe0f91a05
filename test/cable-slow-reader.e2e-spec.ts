import { SessionRegistry } from '../src/realtime/session-registry.js';
import { CableClient, type CableFrame } from './support/cable-client.js';
import { openGroup, send } from './support/chat.js';
import { register } from './support/people.js';
import { RawWebSocket } from './support/raw-web-socket.js';
import { startServer } from './support/start-server.js';

const BODY = 'x'.repeat(9_000);
const MESSAGES = 1_500;
const SENDERS = 8;
const EXTENDED = 'actioncable-v1-ext-json';

// Real: HTTP, plain WebSockets, and one that stops reading.
describe('a client on /cable that stops reading', () => {
  it('is cut off with too_slow as the last word, and goes on from its offsets; others hear everything', async () => {
    const server = await startServer();
    const [ann, bob] = [await register(server.http, 'Ann'), await register(server.http, 'Bob')];
    const room = await openGroup(ann, [bob]);
    const identifier = JSON.stringify({ channel: 'Chats::RoomChannel', chat_room_id: room.id });
    const healthy = await CableClient.open(server.url, { token: bob.token });
    await healthy.subscribe(identifier);

    const stuck = await RawWebSocket.connect(server.url, '/cable', {
      authorization: `Bearer ${ann.token}`,
      'sec-websocket-protocol': EXTENDED,
    });
    stuck.send(JSON.stringify({ command: 'subscribe', identifier }));
    await stuck.heard('confirm_subscription');
    stuck.stopReading();
    const [session] = [...server.app.get(SessionRegistry).ofMember(ann.id)];

    const sent: number[] = [];
    let started = 0;
    const sender = async (): Promise<void> => {
      while ((started += 1) <= MESSAGES && !session!.queue.tooSlow) sent.push((await send(bob, room, BODY)).id);
      // It is waited for no longer than five seconds, so it reads on as soon as it is cut off.
      stuck.readOn();
    };
    await Promise.all(Array.from({ length: SENDERS }, sender));
    expect(session!.queue.tooSlow).toBe(true);
    await stuck.closed;
    const frames = stuck.objects<CableFrame>();
    expect(frames.at(-1)).toEqual({ type: 'disconnect', reason: 'too_slow', reconnect: true });

    const all = sent.sort((one, other) => one - other);
    await healthy.next(({ message }) => message?.id === all.at(-1));
    expect(healthy.messages('Chats::RoomChannel').map(({ id }) => id)).toEqual(all);

    const had = frames.filter(({ message, type }) => message && type === undefined);
    expect(had.length).toBeLessThan(all.length);
    const { stream_id, epoch, offset } = had.at(-1)!;
    const back = await CableClient.open(server.url, { token: ann.token, protocols: [EXTENDED] });
    await back.subscribe(identifier, { history: { streams: { [stream_id!]: { epoch, offset } } } });
    await back.next(({ type }) => type === 'confirm_history');
    const rest = back.frames.filter(({ message }) => message);
    expect([...had, ...rest].map(({ message }) => message!.id)).toEqual(all);
    for (const client of [stuck, healthy, back]) client.close();
    await server.close();
  });
});
