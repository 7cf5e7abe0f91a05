import { RealtimeWorld } from './support/realtime-world.js';
import { itWith } from './support/services.js';
import { startServer, startTwoNodes, type TestServer } from './support/start-server.js';
import { BoardRooms, BoardsModule } from './support/boards.module.js';

/** The value of one line, by its name and labels as they stand there; 0 when there is no such line. */
async function valueOf(server: TestServer, line: string): Promise<number> {
  const { body } = await server.http.get<string>('/metrics');
  const found = body.split('\n').find((text) => text.startsWith(`${line} `));
  return found === undefined ? 0 : Number(found.slice(line.length + 1));
}

// Real: a whole server, its database, HTTP and the stock Socket.IO client.
describe('/metrics', () => {
  let world: RealtimeWorld;
  let text: () => Promise<string>;
  const value = (line: string): Promise<number> => valueOf(world.server, line);
  beforeAll(async () => {
    world = await RealtimeWorld.start();
    text = async () => (await world.server.http.get<string>('/metrics')).body;
  });
  afterEach(() => world.closeClients());
  afterAll(() => world.close());

  it('anybody may read it, as Prometheus text', async () => {
    const { status, headers, body } = await world.server.http.get<string>('/metrics');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(body).toContain('# TYPE roomcast_events_total counter');
    expect(body).toContain('# TYPE roomcast_delivery_lag_seconds histogram');
    expect(body).toContain('process_cpu_seconds_total');
    for (const line of body.trim().split('\n')) {
      expect(line).toMatch(/^(# (HELP|TYPE) \S+ .+|[a-z_0-9]+(\{([a-z_]+="[^"]*",?)+\})? (-?[\d.e+-]+|\+?Inf|Nan)|)$/i);
    }
  });

  it('connections count by their door, rooms by those who are in them', async () => {
    const before = await value('roomcast_connections{door="twake"}');
    const client = await world.connectAs(world.ann);
    await world.joinAs(client, world.ann, '/boards/counted');
    await world.joinAs(client, world.ann, '/boards/too');
    expect(await value('roomcast_connections{door="twake"}')).toBe(before + 1);
    expect(await value('roomcast_memberships{door="twake"}')).toBeGreaterThanOrEqual(2);
    expect(await value('roomcast_open_feeds')).toBeGreaterThanOrEqual(2);
    expect(await value('roomcast_queue_bytes')).toBe(0);
  });

  it('members count once, however many connections they have', async () => {
    const before = await value('roomcast_members_online');
    await world.connectAs(await world.register('Counted'));
    expect(await value('roomcast_members_online')).toBe(before + 1);
    const twice = await world.register('Twice');
    await Promise.all([world.connectAs(twice), world.connectAs(twice)]);
    expect(await value('roomcast_members_online')).toBe(before + 2);
  });

  it('events count by action, commits by their size, deliveries by their lag', async () => {
    const lines = [
      'roomcast_events_total{action="created"}',
      'roomcast_commit_events_count',
      'roomcast_commit_events_sum',
      'roomcast_delivery_lag_seconds_count',
      'roomcast_database_transaction_duration_seconds_count{kind="write"}',
    ];
    const client = await world.connectAs(world.ann);
    await world.joinAs(client, world.ann, '/boards/events');
    const before = await Promise.all(lines.map(value));
    await world.boards.publish('events', 'one', 'two', 'three');
    await client.next('realtime:resource', (payload) => payload.id === 3);
    const after = await Promise.all(lines.map(value));
    expect(after.map((count, index) => count - before[index]!)).toEqual([3, 1, 3, 1, 1]);
    expect(await value('roomcast_delivery_lag_seconds_bucket{le="+Inf"}')).toBe(after[3]);
    expect(await value('roomcast_delivery_lag_seconds_sum')).toBeLessThan(10);
  });

  it('a client that resumes is counted, and one that has to start over as well', async () => {
    const [resumes, resyncs] = [await value('roomcast_resumes_total'), await value('roomcast_resyncs_total')];
    await world.boards.publish('resumed', 'one');
    const client = await world.connectAs(world.ann);
    await world.joinAs(client, world.ann, '/boards/resumed', { last_id: 1 });
    await world.joinAs(client, world.ann, '/boards/never-written', { last_id: 99 });
    expect(await value('roomcast_resumes_total')).toBe(resumes + 1);
    expect(await value('roomcast_resyncs_total')).toBe(resyncs + 1);
  });

  it('a room that is taken away is counted, with the wait of what comes after it', async () => {
    const lines = ['roomcast_revocations_total{what="room"}', 'roomcast_access_wait_seconds_count'];
    const client = await world.connectAs(world.bob);
    await world.joinAs(client, world.bob, '/boards/taken');
    await world.joinAs(client, world.bob, '/boards/kept');
    const before = await Promise.all(lines.map(value));
    const told = Promise.all([
      client.next('realtime:join:error', (payload) => payload.name === '/boards/taken'),
      client.next('realtime:resource', (payload) => payload.room === '/boards/kept'),
    ]);
    await Promise.all([world.boards.bar(world.bob.id, 'taken'), world.boards.publish('kept', 'text')]);
    await told;
    expect(await value(lines[0]!)).toBe(before[0]! + 1);
    expect(await value(lines[1]!)).toBeGreaterThanOrEqual(before[1]!);
  });

  it('requests count by the pattern of their route, never by their address', async () => {
    const line = 'roomcast_http_request_duration_seconds_count{method="GET",route="/api/members/:id",status="4xx"}';
    const before = await value(line);
    await world.server.http.as(world.ann.token).get('/api/members/987654321?token=c4n4ry-token');
    await world.server.http.get('/no/such/c4n4ry-address');
    expect(await value(line)).toBe(before + 1);
    expect(await text()).not.toMatch(/987654321|c4n4ry/);
  });

  it('has no ids, names, addresses or tokens in its labels', async () => {
    const client = await world.connectAs(world.bob);
    await world.joinAs(client, world.bob, '/boards/c4n4ry-room');
    await world.boards.publish('c4n4ry-room', 'c4n4ry-text');
    await client.next('realtime:resource');
    const labels = new Set([...(await text()).matchAll(/[{,]([a-z_]+)="/g)].map(([, label]) => label));
    const ours = ['action', 'door', 'kind', 'le', 'method', 'route', 'state', 'status', 'what'];
    const theirs = ['type', 'space', 'version', 'major', 'minor', 'patch'];
    expect([...ours, ...theirs]).toEqual(expect.arrayContaining([...labels]));
    expect(await text()).not.toMatch(/c4n4ry|example\.com|eyJ/);
  });
});

describe('/metrics with METRICS_TOKEN', () => {
  it('is closed to everybody without the token, whoever else they are', async () => {
    const server = await startServer({ env: { METRICS_TOKEN: 'the-token-of-prometheus' } });
    const register = { email: 'ann@example.com', password: 'correct horse', name: 'Ann' };
    const { body } = await server.http.post<{ access_token: string }>('/api/auth/register', register);
    for (const http of [server.http, server.http.as('the-token-of-prometheu'), server.http.as(body.access_token)]) {
      expect((await http.get('/metrics')).status).toBe(401);
    }
    const { status, body: text } = await server.http.as('the-token-of-prometheus').get<string>('/metrics');
    expect([status, text]).toEqual([200, expect.stringContaining('roomcast_events_total')]);
    await server.close();
  });
});

describe('two servers in one process', () => {
  itWith(['postgres', 'redis'], 'count apart, each the hints that it sent and received', async () => {
    const { nodes, close } = await startTwoNodes({ modules: [BoardsModule] });
    const [sent, received] = ['roomcast_bus_hints_sent_total', 'roomcast_bus_hints_received_total'];
    const created = 'roomcast_events_total{action="created"}';
    // Whichever node came first has written the first rows of the database: only what follows is counted.
    const before = { sent: await valueOf(nodes[1], sent), created: await valueOf(nodes[1], created) };
    const heard = await valueOf(nodes[1], received);
    // The subscription of the other node may still be on its way.
    while ((await valueOf(nodes[1], received)) === heard) {
      await nodes[0].app.get(BoardRooms).publish('hints', 'text');
    }
    expect(await valueOf(nodes[0], sent)).toBeGreaterThanOrEqual(await valueOf(nodes[1], received));
    expect(await valueOf(nodes[0], received)).toBeLessThanOrEqual(before.sent);
    expect({ sent: await valueOf(nodes[1], sent), created: await valueOf(nodes[1], created) }).toEqual(before);
    await close();
  });
});
