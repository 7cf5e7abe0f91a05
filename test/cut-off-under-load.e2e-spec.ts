import { EventLog } from '../src/events/event-log.js';
import type { DomainEvent } from '../src/events/domain-event.js';
import { addTo, at, openGroup, removeFrom, roomOf, type RoomRecord, send, ticket } from './support/chat.js';
import { type Nodes, startNodes } from './support/nodes.js';
import { type Person, register } from './support/people.js';
import { openSocket, type ResourceFrame, type SocketClient } from './support/socket-client.js';
import type { TestServer } from './support/start-server.js';

const VISITORS = 4;
const WRITERS = 4;
const TOGGLES = 60;
const LAST_WORDS = 'the last words';

/** The numbers of the events between which a member was in the room; the last stay is open. */
interface Stay {
  from: number;
  until: number;
}

/** Asks to be let in again and again, always with the room token of the first day, from wherever it stopped. */
class Insistent {
  readonly frames: ResourceFrame[] = [];
  /** Events that came although the server had said that the room is lost. */
  readonly unexpected: ResourceFrame[] = [];
  revocations = 0;
  refusals = 0;
  private inside = false;
  private heardAll: () => void = () => undefined;
  readonly finished = new Promise<void>((resolve) => (this.heardAll = resolve));

  constructor(
    readonly person: Person,
    private readonly client: SocketClient,
    private readonly room: string,
    private readonly token: string,
  ) {
    client.socket.on('realtime:join:success', () => (this.inside = true));
    client.socket.on('realtime:resource', (frame: ResourceFrame) => this.take(frame));
    client.socket.on('realtime:join:error', ({ code }: { code: string }) => {
      this.inside = false;
      if (code === 'room.revoked') this.revocations += 1;
      else this.refusals += 1;
      setTimeout(() => this.knock(), Math.random() * 10);
    });
    this.knock();
  }

  close(): void {
    this.client.close();
  }

  private knock(): void {
    this.client.emit('realtime:join', { name: this.room, token: this.token, last_id: this.frames.at(-1)?.id ?? 0 });
  }

  private take(frame: ResourceFrame): void {
    (this.inside ? this.frames : this.unexpected).push(frame);
    if (frame.resource.body === LAST_WORDS) this.heardAll();
  }
}

/** Takes visitors out and brings them back in, at random and through any node; at the end all are in. */
async function moveAround(nodes: TestServer[], owner: Person, room: RoomRecord, visitors: Person[]): Promise<void> {
  const present = new Set(visitors);
  const anywhere = (): Person => at(nodes[Math.floor(Math.random() * nodes.length)]!, owner);
  const toggle = async (person: Person): Promise<void> => {
    if (present.delete(person)) return removeFrom(anywhere(), room, person);
    present.add(person);
    await addTo(anywhere(), room, person);
  };
  for (let step = 0; step < TOGGLES; step += 1) {
    await toggle(visitors[Math.floor(Math.random() * visitors.length)]!);
  }
  for (const person of visitors.filter((visitor) => !present.has(visitor))) await toggle(person);
}

async function wholeLog(node: TestServer, { uuid }: RoomRecord): Promise<DomainEvent[]> {
  const log = node.app.get(EventLog);
  const events: DomainEvent[] = [];
  for (;;) {
    const page = await log.read(`chat-rooms/${uuid}`, events.length, 500);
    if (page.length === 0) return events;
    events.push(...page);
  }
}

function staysOf({ id }: Person, log: DomainEvent[]): Stay[] {
  const stays: Stay[] = [];
  for (const { type, action, resource, seq } of log) {
    if (type !== 'participant' || resource?.community_member_id !== id) continue;
    if (action === 'created') stays.push({ from: seq, until: Infinity });
    if (action === 'deleted') stays.at(-1)!.until = seq;
  }
  return stays;
}

/** In a room without history: of each stay all messages up to some point, of the last one all; and nothing else. */
function expectOnlyTheirs(client: Insistent, log: DomainEvent[]): void {
  const ids = client.frames.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort((one, other) => one - other));
  const messages = (entries: { type: string }[]) => entries.filter(({ type }) => type === 'message');
  const heard = new Set((messages(client.frames) as ResourceFrame[]).map(({ id }) => id));
  const stays = staysOf(client.person, log);
  for (const { from, until } of stays) {
    const said = (messages(log) as DomainEvent[]).map(({ seq }) => seq).filter((seq) => seq > from && seq < until);
    const got = said.filter((seq) => heard.delete(seq));
    expect(got).toEqual(until === Infinity ? said : said.slice(0, got.length));
  }
  expect([...heard]).toEqual([]);
  const firstOf = new Map(log.map((event) => [event.seq, event.resource]));
  for (const { id, resource } of client.frames) expect(resource).toEqual(firstOf.get(id));
}

// Real: HTTP and the stock client; two servers, PostgreSQL and Redis where they are there.
describe('members who are taken out and brought back while everybody writes', () => {
  let started: Nodes;
  beforeAll(async () => (started = await startNodes()));
  afterAll(() => started.close());

  it('get what was committed while they were in the room, and nothing else, on either node', async () => {
    const { nodes } = started;
    const owner = await register(nodes[0].http, 'Owner');
    const people: Person[] = [];
    for (let index = 0; index < VISITORS + WRITERS; index += 1) people.push(await register(nodes[0].http, `P${index}`));
    const [visitors, writers] = [people.slice(0, VISITORS), people.slice(VISITORS)];
    const room = await openGroup(owner, people, { show_history: false });
    const name = roomOf(room);
    const clients: Insistent[] = [];
    for (const person of visitors) {
      for (const node of nodes) {
        const socket = await (await openSocket(node.url)).authenticate(person.token);
        clients.push(new Insistent(person, socket, name, await ticket(person, name)));
      }
    }

    let moving = true;
    const written = writers.map(async (writer, index) => {
      const here = at(nodes[index % nodes.length]!, writer);
      for (let number = 1; moving; number += 1) await send(here, room, `${index}: ${number}`);
    });
    await moveAround(nodes, owner, room, visitors).finally(() => (moving = false));
    await Promise.all(written);
    await send(owner, room, LAST_WORDS);
    await Promise.all(clients.map((client) => client.finished));

    clients.forEach((client) => client.close());
    const log = await wholeLog(nodes[0], room);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_event, index) => index + 1));
    for (const client of clients) {
      expectOnlyTheirs(client, log);
      expect(client.unexpected).toEqual([]);
    }
    expect(clients.reduce((sum, client) => sum + client.revocations, 0)).toBeGreaterThan(TOGGLES / 4);
    expect(clients.reduce((sum, client) => sum + client.refusals, 0)).toBeGreaterThan(0);
  });
});
