import { pollModules } from './polls.fixture.js';
import { LiveClient, type LiveFrame } from './support/live-client.js';
import { ADMIN, type Nodes, startNodes } from './support/nodes.js';
import { logIn, type Person, register } from './support/people.js';
import type { TestServer } from './support/start-server.js';

/** People on `/live`, on two nodes where the services of the run allow it, with the polls of docs/extending.md. */
export class LiveWorld {
  private readonly clients: LiveClient[] = [];
  private topics = 0;

  private constructor(
    private readonly running: Nodes,
    /** The administrator of the workspace. */
    readonly boss: Person,
  ) {}

  static async open(env: Record<string, string> = {}): Promise<LiveWorld> {
    const running = await startNodes(env, await pollModules());
    return new LiveWorld(running, await logIn(running.nodes[0].http, ADMIN.email, ADMIN.password));
  }

  get server(): TestServer {
    return this.running.nodes[0];
  }

  get nodes(): [TestServer, TestServer] {
    return this.running.nodes;
  }

  people(...names: string[]): Promise<Person[]> {
    return Promise.all(names.map((name) => register(this.server.http, name)));
  }

  async connect({ token }: Person, node = 0): Promise<LiveClient> {
    const client = await LiveClient.open(this.nodes[node]!.url, token);
    this.clients.push(client);
    return client;
  }

  /** Somebody who has subscribed to a topic. */
  async listen(person: Person, topic: string, more: object = {}, node = 0): Promise<LiveClient> {
    const client = await this.connect(person, node);
    await client.subscribe(topic, more);
    return client;
  }

  /** A user topic that nobody has yet. */
  async topic(person: Person): Promise<string> {
    const name = `topic ${(this.topics += 1)}`;
    const client = await this.connect(person);
    await made(client.ask('create-topic', { name }));
    return name;
  }

  hangUp(): void {
    this.clients.splice(0).forEach((client) => client.close());
  }

  async close(): Promise<void> {
    this.hangUp();
    await this.running.close();
  }
}

/** An answer that has to be a success. */
export async function made(answer: Promise<LiveFrame>): Promise<LiveFrame> {
  const frame = await answer;
  if (frame.EventType === 'error') throw new Error(JSON.stringify(frame));
  return frame;
}

/** The text of an answer that has to be an error. */
export async function refusal(answer: Promise<LiveFrame>): Promise<unknown> {
  const { EventType, EventData } = await answer;
  expect(EventType).toBe('error');
  return EventData.error;
}

/** Publishes a last message and gives what had come of the topic before it. */
export async function heardBefore(client: LiveClient, sender: LiveClient, topic: string): Promise<LiveFrame[]> {
  const last = Math.random();
  await made(sender.ask('new-message', { topic, message: { last } }));
  const isLast = ({ EventData }: LiveFrame): boolean => EventData.last === last;
  if (!client.frames.some(isLast)) await client.next(isLast);
  return client.events(topic).filter(({ EventData }) => !('last' in EventData));
}
