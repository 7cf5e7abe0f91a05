import { Outages } from './outages.fixture.js';
import { AppClient, until } from './support/app-client.js';
import { itWithPrivateServices } from './support/private-services.js';

const UNAVAILABLE = ['503 service.unavailable 1'];

// Real: two server processes, a PostgreSQL, a Redis and a balancer of the test's own, SIGKILL, and stock clients.
describe('under load, with clients that resume, nothing acknowledged is lost and nobody misses or repeats anything when', () => {
  let world: Outages;
  beforeAll(async () => {
    world = await Outages.start();
  }, 120_000);
  beforeEach(() => world.begin());
  afterAll(() => world.end());

  function outage(name: string, test: () => Promise<void>): void {
    const proven = async (): Promise<void> => {
      await test();
      await world.expectNothingLost();
      world.expectFewWords();
    };
    itWithPrivateServices(name, proven, 180_000);
  }

  outage('PostgreSQL is killed, twice: what fails says so and when to try again, and so does readiness', async () => {
    const before = world.partings;
    // SIGQUIT is its immediate shutdown, which is a crash; SIGKILL leaves its processes behind.
    for (const signal of ['SIGQUIT', 'SIGKILL'] as const) {
      await world.writeDuring(async () => {
        await world.postgres.kill(signal);
        await world.ready(503);
        await world.postgres.start();
        await world.ready(200);
      });
    }
    expect([...world.refused]).toEqual(UNAVAILABLE);
    expect(world.unanswered).toBe(0);
    // They had no reason to go.
    expect(world.partings).toBe(before);
  });

  outage('Redis is killed: nobody but the log notices', async () => {
    const before = world.partings;
    await world.writeDuring(async () => {
      await world.redis.kill('SIGKILL');
      await world.ready(200);
      await world.acknowledgedMore();
      await world.redis.start();
    });
    expect([world.refused.size, world.unanswered]).toEqual([0, 0]);
    expect(world.partings).toBe(before);
  });

  outage('one of two nodes is killed: its clients go on at the other', async () => {
    const before = world.partings;
    await world.writeDuring(async () => {
      await world.nodes[1]!.kill();
      await until(() => world.partings > before, 'clients that were cut off');
      await Promise.all(world.clients.map((client) => client.joined(1 + client.goodbyes.length)));
      await world.startNode(1);
    });
    expect(world.refused.size).toBe(0);
    expect(world.unanswered).toBeGreaterThan(0);
  });

  outage('all of them are killed at once, and clients come back before the database does', async () => {
    const early = new AppClient(world.nodes[1]!.url, await world.ticketOf(0));
    world.clients.push(early);
    await early.joined();
    await world.writeDuring(async () => {
      await Promise.all([world.postgres.kill('SIGQUIT'), world.redis.kill('SIGKILL'), world.nodes[0]!.kill()]);
      const back = new Promise<void>((resolve) => early.socket.once('connect', () => resolve()));
      early.socket.io.engine.close();
      await back;
      await Promise.all([world.postgres.start(), world.redis.start()]);
      await early.joined(2);
      await world.startNode(0);
      await world.ready(200);
    });
    expect(early.goodbyes).toEqual(['forced close']);
    expect([...world.refused]).toEqual(UNAVAILABLE);
  });
});
