import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { AppClient, type Ticket, until } from './support/app-client.js';
import { allMessages, at, type MessagePage, openGroup, roomOf, type RoomRecord, ticket } from './support/chat.js';
import { createDataDir } from './support/database-image.js';
import { LoadBalancer } from './support/load-balancer.js';
import { ADMIN } from './support/nodes.js';
import { logIn, type Person, register } from './support/people.js';
import { PrivatePostgres, PrivateRedis } from './support/private-services.js';
import { type SpawnedServer, spawnServer } from './support/spawn-server.js';

const CHANNEL = '/channels/outages';
const PEOPLE = 8;
const CLIENTS = 6;
const BETWEEN_MS = 5;
/** Between two tries of a writer that was refused; a second is what the server asks for, but tests are in a hurry. */
const RETRY_MS = 50;

/** Two nodes behind a balancer, with a PostgreSQL and a Redis of their own that a test may kill. */
export class Outages {
  readonly nodes: SpawnedServer[] = [];
  readonly clients: AppClient[] = [];
  /** Texts that were acknowledged, with the room that they were sent to. */
  readonly acknowledged = new Map<string, string>();
  /** Status, code and time to wait of all refusals since the test began. */
  readonly refused = new Set<string>();
  /** Requests since then that got no answer: their node was killed. */
  unanswered = 0;
  private readonly balancer = new LoadBalancer();
  private dataDir: string;
  private people: Person[];
  private group: RoomRecord;
  private writing = false;

  private constructor(
    readonly postgres: PrivatePostgres,
    readonly redis: PrivateRedis,
  ) {}

  static async start(): Promise<Outages> {
    const world = new Outages(await PrivatePostgres.start(), await PrivateRedis.start());
    world.dataDir = await createDataDir();
    for (const node of [0, 1]) await world.startNode(node);
    await world.furnish();
    return world;
  }

  async startNode(number: number): Promise<void> {
    const node = await spawnServer(
      {
        DATABASE_URL: this.postgres.url,
        REDIS_URL: this.redis.url,
        DATA_DIR: this.dataDir,
        JWT_SECRET: 'the-same-secret-on-every-node-of-a-test',
        ADMIN_EMAIL: ADMIN.email,
        ADMIN_PASSWORD: ADMIN.password,
        RATE_LIMITS: 'on',
      },
      60_000,
    );
    this.nodes[number] = node;
    await this.balancer.add(String(number), node.url);
  }

  private async furnish(): Promise<void> {
    const { http } = this.nodes[0]!;
    const boss = await logIn(http, ADMIN.email, ADMIN.password);
    const channel = { name: 'outages', custom_publish: true, other_permissions: 'publish' };
    await boss.http.post('/api/channels', channel);
    this.people = [];
    for (let number = 0; number < PEOPLE; number += 1) this.people.push(await register(http, `Person ${number}`));
    this.group = await openGroup(this.people[0]!, this.people.slice(1));
    for (let number = 0; number < CLIENTS; number += 1) {
      this.clients.push(new AppClient(this.balancer.url, await this.ticketOf(number)));
    }
    for (const client of this.clients) await client.joined();
  }

  get rooms(): string[] {
    return [CHANNEL, roomOf(this.group)];
  }

  async ticketOf(number: number): Promise<Ticket> {
    const person = at(this.nodes[0]!, this.people[number]!);
    const rooms: Record<string, string> = {};
    for (const room of this.rooms) rooms[room] = await ticket(person, room);
    return { access: person.token, rooms };
  }

  /** Writers on both nodes, into both rooms, while something happens; then until they have been heard again for a while. */
  async writeDuring(something: () => Promise<void>): Promise<void> {
    this.writing = true;
    const writers = this.people.map((person, number) => this.write(person, number));
    await this.acknowledgedMore();
    await something();
    await this.acknowledgedMore();
    this.writing = false;
    await Promise.all(writers);
  }

  async acknowledgedMore(): Promise<void> {
    const wanted = this.acknowledged.size + 40;
    await until(() => this.acknowledged.size >= wanted, `${wanted} acknowledgements`);
  }

  /** On each node there are writers for each room. */
  private async write(person: Person, number: number): Promise<void> {
    const room = this.rooms[number % 2]!;
    while (this.writing) {
      const text = randomUUID();
      const { http } = at(this.nodes[Math.floor(number / 2) % 2]!, person);
      const [path, body] =
        room === CHANNEL
          ? [`/api${room}/publish`, { payload: { text } }]
          : [`/api${room}/messages`, { body: text, creation_uuid: text }];
      const reply = await http.post<{ error?: { code: string } }>(path, body).catch(() => null);
      if (reply?.status === 201) this.acknowledged.set(text, room);
      else if (reply) this.refused.add(`${reply.status} ${reply.body.error?.code} ${reply.headers.get('retry-after')}`);
      else this.unanswered += 1;
      await pause(reply?.status === 201 ? BETWEEN_MS : RETRY_MS);
    }
  }

  begin(): void {
    this.refused.clear();
    this.unanswered = 0;
  }

  /** How many connections of clients have ended so far. */
  get partings(): number {
    return this.clients.reduce((sum, { goodbyes }) => sum + goodbyes.length, 0);
  }

  async ready(status: number): Promise<void> {
    for (const { http } of this.nodes) {
      await until(async () => (await http.get('/health/ready')).status === status, `ready to be ${status}`);
    }
  }

  /** Everything acknowledged is there once, and everybody has seen all that is there, in order and once. */
  async expectNothingLost(): Promise<void> {
    const reader = at(this.nodes[0]!, this.people[0]!);
    for (const room of this.rooms) {
      const page = `/api${room}/${room === CHANNEL ? 'history' : 'messages'}?limit=1`;
      const { position } = (await reader.http.get<MessagePage>(page)).body;
      const every = Array.from({ length: position }, (_value, index) => index + 1);
      const told = [...this.acknowledged].filter(([, sentTo]) => sentTo === room).map(([text]) => text);
      for (const client of this.clients) {
        await client.reached(room, position);
        expect(client.ids(room)).toEqual(every);
        const texts = client.seen.get(room)!.map(({ resource }) => resource.body ?? textIn(resource.payload));
        const times = new Map<unknown, number>();
        for (const text of texts) times.set(text, (times.get(text) ?? 0) + 1);
        expect(told.filter((text) => times.get(text) !== 1)).toEqual([]);
      }
    }
    const stored = (await allMessages(reader, this.group)).map(({ body }) => body);
    expect(new Set(stored).size).toBe(stored.length);
    for (const { resyncs, refusals } of this.clients) expect([resyncs, refusals]).toEqual([0, []]);
  }

  /** Each of its lives has said what happened, and no more than that. */
  expectFewWords(): void {
    for (const node of this.nodes) {
      const lines = node.output().split('\n');
      expect(lines.filter((line) => /^\s+at /.test(line))).toEqual([]);
      expect(lines.length).toBeLessThan(60);
    }
  }

  async end(): Promise<void> {
    this.writing = false;
    this.clients.forEach((client) => client.close());
    await this.balancer.close();
    await Promise.all(this.nodes.map((node) => node.kill()));
    await Promise.all([this.postgres.remove(), this.redis.remove()]);
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

function textIn(payload: unknown): unknown {
  return (payload as { text?: unknown } | undefined)?.text;
}
