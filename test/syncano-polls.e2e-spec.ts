import { Waiters } from '../src/realtime/waiters.js';
import { startNodes } from './support/nodes.js';
import { done, type Loose, syncano } from './support/syncano-client.js';
import { startServer, type TestServer } from './support/start-server.js';
import { type Body, SyncanoWorld } from './syncano.fixture.js';

interface Message extends Body {
  id: number;
}

const waitingOn = (server: TestServer): number => [...server.app.get(Waiters).all()].length;

/** Looks again until it holds: nobody outside can see when a poll has begun to wait. */
async function holds(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

// Real: the server, its database, Redis and a second node where the run has them.
describe('polls that wait', () => {
  it('are answered by whichever node the message was published on, each of many', async () => {
    const { nodes, close } = await startNodes({ POLL_TIMEOUT_SECONDS: '60' });
    try {
      const world = await SyncanoWorld.on(nodes[0]);
      const channel = await world.channel();
      const path = world.path(`channels/${channel}/poll/`);
      const elsewhere = nodes[1].http.with({ 'x-api-key': world.accountKey });
      const polls = Array.from({ length: 50 }, () => elsewhere.get<Message>(path));
      await holds(() => waitingOn(nodes[1]) === 50);
      const id = await world.publish(channel, { n: 1 });
      for (const reply of await Promise.all(polls)) expect(reply).toMatchObject({ status: 200, body: { id } });
      await holds(() => waitingOn(nodes[1]) === 0);
    } finally {
      await close();
    }
  });

  it('lose nothing and double nothing while somebody publishes without a pause', async () => {
    const { nodes, close } = await startNodes({ POLL_TIMEOUT_SECONDS: '60' });
    try {
      const world = await SyncanoWorld.on(nodes[0]);
      const channel = await world.channel();
      const elsewhere = nodes[1].http.with({ 'x-api-key': world.accountKey });
      const publishing = (async () => {
        for (let n = 1; n <= 100; n += 1) await world.publish(channel, { n });
      })();
      const seen: number[] = [];
      while (seen.length < 100) {
        const { body } = await elsewhere.get<Message>(
          world.path(`channels/${channel}/poll/?last_id=${seen.at(-1) ?? 0}`),
        );
        seen.push(body.id);
      }
      await publishing;
      expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    } finally {
      await close();
    }
  });

  describe('on one node', () => {
    let world: SyncanoWorld;
    beforeAll(async () => {
      world = await SyncanoWorld.open({ POLL_TIMEOUT_SECONDS: '60', RATE_LIMITS: 'on' });
    });
    afterAll(() => world.close());

    const metrics = async (): Promise<string> => (await world.server.http.get<string>('/metrics')).body;

    it('are let go, and counted no longer, when the caller hangs up', async () => {
      const channel = await world.channel();
      const gone = new AbortController();
      const polled = fetch(world.server.url + world.path(`channels/${channel}/poll/`), {
        headers: { 'x-api-key': world.accountKey },
        signal: gone.signal,
      });
      await holds(() => waitingOn(world.server) === 1);
      expect(await metrics()).toContain('roomcast_waiting_polls 1\n');
      gone.abort();
      await expect(polled).rejects.toThrow();
      await holds(() => waitingOn(world.server) === 0);
      expect(await metrics()).toContain('roomcast_waiting_polls 0\n');
    });

    it.each([
      [
        'the membership',
        (group: number, user: number) => world.root.delete(world.path(`groups/${group}/users/${user}/`)),
      ],
      ['the user key', (_group: number, user: number) => world.root.post(world.path(`users/${user}/reset_key/`))],
    ])('bring nothing to somebody who has lost %s meanwhile', async (_what, lose) => {
      const user = await world.user((await world.apiKey()).key);
      const group = await world.group(user.id);
      const channel = await world.channel({ group, group_permissions: 'subscribe' });
      const polled = user.http.get(world.path(`channels/${channel}/poll/`));
      await holds(() => waitingOn(world.server) === 1);
      expect((await lose(group, user.id)).status).toBeLessThan(300);
      await world.publish(channel, { secret: true });
      expect(await polled).toMatchObject({
        status: 403,
        body: { detail: 'You do not have permission to perform this action.' },
      });
    });

    it('that fail again and again are slowed down to once a second', async () => {
      const path = world.path('channels/nowhere/poll/');
      const replies = [];
      for (let n = 0; n < 12; n += 1) replies.push(await world.root.get(path));
      expect(replies[0]).toMatchObject({ status: 404, body: { detail: 'Channel was not found.' } });
      const slowed = replies.find(({ status }) => status === 429);
      expect(slowed).toMatchObject({
        body: { detail: 'Request was throttled. Expected available in 1 second.' },
      });
      expect(slowed!.headers.get('retry-after')).toBe('1');
    });

    it('the client that hammers is held back too', async () => {
      const client = syncano({ baseUrl: world.server.url, accountKey: world.accountKey });
      const gone = await done<Loose>(
        client.Channel!({ name: 'chan-gone', instanceName: 'insta', custom_publish: true }).save!(),
      );
      await done(client.Channel!.please!().delete!({ name: 'chan-gone', instanceName: 'insta' }));
      const poll = gone.poll!({ lastId: 0 }) as unknown as { on(event: string, then: () => void): void; stop(): void };
      let asked = 0;
      poll.on('request', () => (asked += 1));
      const stopped = new Promise<void>((resolve) => poll.on('stop', resolve));
      // A 429 is repeated within the same request of the client, so it asks no more by itself.
      await holds(() => asked > 5);
      poll.stop();
      await stopped;
      expect(asked).toBeLessThan(20);
    });
  });

  it('do not keep a node from stopping, and the caller is asked to come back', async () => {
    const world = await SyncanoWorld.on(await startServer({ env: { POLL_TIMEOUT_SECONDS: '60' } }));
    const channel = await world.channel();
    const polled = world.root.get(world.path(`channels/${channel}/poll/?last_id=0`));
    await holds(() => waitingOn(world.server) === 1);
    const stopping = world.close();
    const { status, headers } = await polled;
    expect({ status, retryAfter: headers.get('retry-after') }).toEqual({ status: 429, retryAfter: '1' });
    await stopping;
  });
});
