import { BreakableProxy } from './support/breakable-proxy.js';
import { type Person, register } from './support/people.js';
import { connectTo, hears, historyOf, type Place, statusOf, watcherAt } from './support/presence.js';
import { itWith, TEST_REDIS_URL } from './support/services.js';
import type { SocketClient } from './support/socket-client.js';
import { type SpawnedServer, spawnServer } from './support/spawn-server.js';
import { startTwoNodes, type TestServer } from './support/start-server.js';

const BEAT = { PRESENCE_BEAT_MS: '1000' };

/** Two nodes, somebody who watches on each, and proof that both hear of what happens on the other. */
class Cluster {
  readonly watchers: SocketClient[] = [];
  readonly people: Person[] = [];
  private readonly clients: SocketClient[] = [];

  private constructor(
    readonly nodes: [TestServer, TestServer],
    private readonly end: () => Promise<void>,
  ) {}

  static async start(env: Record<string, string>): Promise<Cluster> {
    const { nodes, close } = await startTwoNodes({ env: { ...BEAT, ...env } });
    const cluster = new Cluster(nodes, close);
    for (const name of ['Ann', 'Bob', 'Carol']) cluster.people.push(await register(nodes[0].http, name));
    for (const node of nodes) cluster.watchers.push(await watcherAt(node, cluster.people[0]!));
    for (const node of nodes) await cluster.bystander(node, ...cluster.watchers);
    return cluster;
  }

  /** One more node on the same database, as a process of its own. */
  third(): Promise<SpawnedServer> {
    const { databaseUrl, jwtSecret } = this.nodes[0].settings;
    const shared = { DATABASE_URL: databaseUrl!, REDIS_URL: TEST_REDIS_URL!, JWT_SECRET: jwtSecret };
    const admin = { ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: 'a password of the tests' };
    return spawnServer({ ...shared, ...admin, ...BEAT, PRESENCE_GRACE_SECONDS: '0' });
  }

  async connect(place: Place, person: Person): Promise<SocketClient> {
    const client = await connectTo(place, person);
    this.clients.push(client);
    return client;
  }

  /** Somebody new, whose arrival on this node these hear after all that happened there before. */
  async bystander(node: TestServer, ...listeners: SocketClient[]): Promise<void> {
    const person = await register(node.http, 'Bystander');
    await this.connect(node, person);
    for (const listener of listeners) await hears(listener, person, true);
  }

  async close(): Promise<void> {
    for (const client of [...this.watchers, ...this.clients]) client.close();
    await this.end();
  }
}

/** Asks until the answer is this one. */
async function says(client: SocketClient, people: Person[], answer: [number, boolean][]): Promise<void> {
  while (JSON.stringify(await statusOf(client, ...people)) !== JSON.stringify(answer)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

// Real: two servers in this process and one as a process of its own, PostgreSQL, Redis, SIGKILL, and the stock client.
describe('presence on several nodes', () => {
  itWith(
    ['postgres', 'redis'],
    'a node that is killed is told as one leave of each who was only there, and then all say the same',
    async () => {
      const cluster = await Cluster.start({ PRESENCE_GRACE_SECONDS: '0' });
      const [, bob, carol] = cluster.people as [Person, Person, Person];
      let third = await cluster.third();
      for (const place of [third, cluster.nodes[0]]) await cluster.connect(place, carol);
      await cluster.connect(third, bob);
      for (const watcher of cluster.watchers) {
        await hears(watcher, carol, true);
        await hears(watcher, bob, true);
      }
      await third.kill();
      for (const watcher of cluster.watchers) await hears(watcher, bob, true, false);
      for (const node of cluster.nodes) await cluster.bystander(node, ...cluster.watchers);
      const answer: [number, boolean][] = [
        [bob.id, false],
        [carol.id, true],
      ];
      for (const watcher of cluster.watchers) {
        expect([historyOf(watcher, bob), historyOf(watcher, carol)]).toEqual([[true, false], [true]]);
        expect(await statusOf(watcher, bob, carol)).toEqual(answer);
      }
      third = await cluster.third();
      await says(await cluster.connect(third, cluster.people[0]!), [bob, carol], answer);
      await third.kill();
      await cluster.close();
    },
  );

  itWith(
    ['postgres', 'redis'],
    'a node that is stopped tells its leaves at once; who comes back on another node within the grace never left',
    async () => {
      const cluster = await Cluster.start({ PRESENCE_GRACE_SECONDS: '20' });
      const [, bob, carol] = cluster.people as [Person, Person, Person];
      const [one, two] = cluster.nodes;
      const watcher = cluster.watchers[1]!;
      const third = await cluster.third();
      await cluster.connect(third, carol);
      const client = await cluster.connect(one, bob);
      for (const person of [bob, carol]) await hears(watcher, person, true);

      // Its own grace is none.
      expect(await third.stop()).toBe(0);
      await hears(watcher, carol, true, false);

      const closed = one.close();
      await client.next('disconnect');
      await cluster.connect(two, bob);
      await closed;
      await cluster.bystander(two, watcher);
      expect(historyOf(watcher, bob)).toEqual([true]);
      expect(await statusOf(watcher, bob)).toEqual([[bob.id, true]]);
      await cluster.close();
    },
  );

  itWith(
    ['postgres', 'redis'],
    'Redis that dies and returns heals: meanwhile each node says what it knows, afterwards all say the same',
    async () => {
      const redis = new BreakableProxy(new URL(TEST_REDIS_URL!));
      await redis.open();
      const cluster = await Cluster.start({ PRESENCE_GRACE_SECONDS: '0', REDIS_URL: redis.url });
      const [, bob, carol] = cluster.people as [Person, Person, Person];
      const [one, two] = cluster.nodes;
      const [near, far] = cluster.watchers as [SocketClient, SocketClient];
      const leaving = await cluster.connect(one, bob);
      for (const watcher of cluster.watchers) await hears(watcher, bob, true);

      await redis.break();
      leaving.close();
      await hears(near, bob, true, false);
      await cluster.connect(two, carol);
      await hears(far, carol, true);
      expect(await statusOf(near, bob, carol)).toEqual([[bob.id, false]]);
      expect(await statusOf(far, bob, carol)).toEqual([
        [bob.id, true],
        [carol.id, true],
      ]);

      await redis.open();
      await hears(near, carol, true);
      await hears(far, bob, true, false);
      for (const node of cluster.nodes) await cluster.bystander(node, near, far);
      for (const watcher of cluster.watchers) {
        expect([historyOf(watcher, bob), historyOf(watcher, carol)]).toEqual([[true, false], [true]]);
        expect(await statusOf(watcher, bob, carol)).toEqual([
          [bob.id, false],
          [carol.id, true],
        ]);
      }
      await cluster.close();
      await redis.break();
    },
  );

  itWith(
    ['postgres', 'redis'],
    'Redis that is away is one line in the log, however often nodes try to speak',
    async () => {
      const redis = new BreakableProxy(new URL(TEST_REDIS_URL!));
      await redis.open();
      const cluster = await Cluster.start({});
      const { databaseUrl, jwtSecret } = cluster.nodes[0].settings;
      const server = await spawnServer({
        DATABASE_URL: databaseUrl!,
        REDIS_URL: redis.url,
        JWT_SECRET: jwtSecret,
        ...BEAT,
        PRESENCE_GRACE_SECONDS: '0',
        ADMIN_EMAIL: 'admin@example.com',
        ADMIN_PASSWORD: 'a password of the tests',
      });
      const client = await cluster.connect(server, cluster.people[1]!);
      await hears(cluster.watchers[0]!, cluster.people[1]!, true);
      await redis.break();
      const lines = (): number => server.output().match(/Redis is away, other nodes/g)?.length ?? 0;
      while (lines() === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      for (let count = 0; count < 50; count += 1) {
        const other = await connectTo(server, cluster.people[2]!);
        other.close();
      }
      expect(await statusOf(client, cluster.people[1]!)).toEqual([[cluster.people[1]!.id, true]]);
      expect(lines()).toBe(1);
      expect(await server.stop()).toBe(0);
      await cluster.close();
    },
  );
});
