import { setTimeout as pause } from 'node:timers/promises';
import { type MatrixWorld, PLACES, type PlaceName, textOf, type Told, toldOf } from './matrix.fixture.js';
import { CableClient, type CableFrame } from './support/cable-client.js';
import { at, ticket } from './support/chat.js';
import { EventReader } from './support/event-source.js';
import { LiveClient, type LiveFrame } from './support/live-client.js';
import { MsquaredClient, type MsquaredFrame } from './support/msquared-client.js';
import { openSocket, type ResourceFrame, type SocketClient } from './support/socket-client.js';
import type { TestServer } from './support/start-server.js';

const LOOK_MS = 20;
const PATIENCE_MS = 90_000;

/** Somebody who listens in one place through one door, over any number of connections. */
export abstract class Ear {
  /** Over all connections. */
  readonly told: Told[] = [];

  constructor(
    protected readonly world: MatrixWorld,
    protected readonly place: PlaceName,
  ) {}

  /** Whether the door lets clients go on where they stopped. */
  readonly comesBack: boolean = true;

  /** What the door can say of it. */
  says(told: Told): unknown {
    return told;
  }

  /** Listens on this node, from where it stopped; the first time from now on. */
  abstract listen(node: TestServer): Promise<void>;
  /** Is gone, without a word. */
  abstract cut(): void;

  async until(text: string): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!this.told.some(([, , content]) => textOf(content) === text)) {
      if (Date.now() > deadline) throw new Error(`${this.constructor.name} has not heard of "${text}"`);
      await pause(LOOK_MS);
    }
  }

  protected get room(): string {
    return PLACES[this.place].room(this.world);
  }

  /** The number of the last event. */
  protected get last(): number | undefined {
    return this.told.at(-1)?.[0];
  }
}

class SocketEar extends Ear {
  private client: SocketClient | undefined;

  async listen(node: TestServer): Promise<void> {
    const { bob } = this.world;
    const client = (this.client = await (await openSocket(node.url)).authenticate(bob.token));
    client.socket.on('realtime:resource', (frame: ResourceFrame) => {
      if (client === this.client) this.told.push(toldOf(this.place, frame));
    });
    await client.join(this.room, await ticket(at(node, bob), this.room), { last_id: this.last });
  }

  cut(): void {
    this.client?.socket.io.engine.close();
    this.client?.close();
    this.client = undefined;
  }
}

class EventStreamEar extends Ear {
  private reader: EventReader | undefined;
  private lastId: string | undefined;

  async listen(node: TestServer): Promise<void> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.world.bob.token}` };
    if (this.lastId !== undefined) headers['last-event-id'] = this.lastId;
    const reader = (this.reader = await EventReader.open(`${node.url}/api/events?rooms=${this.room}`, headers));
    const { id } = await reader.next(({ event }) => event === 'ready');
    this.lastId ??= id;
    void this.follow(reader);
  }

  cut(): void {
    this.reader?.close();
    this.reader = undefined;
  }

  private async follow(reader: EventReader): Promise<void> {
    for (;;) {
      const event = await reader.next((each) => each.event === 'message').catch(() => null);
      if (event === null || reader !== this.reader) return;
      this.lastId = event.id;
      this.told.push(toldOf(this.place, event.data as unknown as ResourceFrame));
    }
  }
}

class CableEar extends Ear {
  private client: CableClient | undefined;
  private position: { epoch: string; offset: number } | undefined;
  private streamId = '';

  async listen(node: TestServer): Promise<void> {
    const { bob, talk } = this.world;
    const client = await CableClient.open(node.url, { token: bob.token, protocols: ['actioncable-v1-ext-json'] });
    this.client = client;
    client.socket.on('message', (data) => {
      if (client === this.client) this.take(JSON.parse((data as Buffer).toString()) as CableFrame);
    });
    const history = this.position && { since: 1, streams: { [this.streamId]: this.position } };
    await client.subscribe({ channel: 'Chats::RoomChannel', chat_room_uuid: talk.uuid }, history && { history });
  }

  cut(): void {
    this.client?.socket.terminate();
    this.client = undefined;
  }

  private take({ message, epoch, offset, stream_id }: CableFrame): void {
    if (message?.event !== 'newMessage') return;
    this.position = { epoch: epoch!, offset: offset! };
    this.streamId = stream_id!;
    this.told.push([offset!, 'created', PLACES.conversation.content(message)]);
  }
}

class PollEar extends Ear {
  private polling: AbortController | undefined;

  async listen(node: TestServer): Promise<void> {
    this.polling = new AbortController();
    void this.poll(node, this.polling.signal).catch(() => undefined);
    return Promise.resolve();
  }

  cut(): void {
    this.polling?.abort();
  }

  private async poll({ url }: TestServer, signal: AbortSignal): Promise<void> {
    const headers = this.world.programHeaders;
    while (!signal.aborted) {
      const address = `${url}/v1.1/instances/main/channels/matrix/poll/?last_id=${this.last ?? 0}`;
      const reply = await fetch(address, { headers, signal });
      if (reply.status === 204) continue;
      const message = (await reply.json()) as Record<string, unknown> & { id: number; action: string };
      if (!signal.aborted) this.told.push([message.id, message.action, PLACES.channel.content(message)]);
    }
  }
}

/** A channel as a topic: with positions, where the client asks for them. What kind of message it is has no word. */
class LiveEar extends Ear {
  private client: LiveClient | undefined;

  override says([number, , content]: Told): unknown {
    return [number, (content as { payload: unknown }).payload];
  }

  async listen(node: TestServer): Promise<void> {
    const client = (this.client = await LiveClient.open(node.url, this.world.bob.token));
    client.socket.on('message', (data) => {
      const { EventType, EventData, position } = JSON.parse((data as Buffer).toString()) as LiveFrame;
      if (client !== this.client || EventType !== 'new-message') return;
      this.told.push([position!, EventType, { payload: EventData }]);
    });
    await client.subscribe('matrix', { last_id: this.last ?? null });
  }

  cut(): void {
    this.client?.socket.terminate();
    this.client = undefined;
  }
}

/** The rows of a table as a topic. There are no numbers, and a client that comes back reads the rows anew. */
class LiveRowsEar extends Ear {
  override readonly comesBack = false;
  private client: LiveClient | undefined;

  override says([, action, content]: Told): unknown {
    const { id, ...columns } = content as { id: number };
    return [action, String(id), columns];
  }

  async listen(node: TestServer): Promise<void> {
    const client = (this.client = await LiveClient.open(node.url, this.world.bob.token));
    client.socket.on('message', (data) => {
      const { EventType, EventData } = JSON.parse((data as Buffer).toString()) as LiveFrame;
      if (EventType !== 'create') return;
      const id = /[^/]*$/.exec(String(EventData.path))![0];
      this.told.push([0, 'created', PLACES[this.place].content({ ...EventData, id })]);
    });
    await client.subscribe(this.place === 'objects' ? 'things' : 'chat_room_messages');
  }

  cut(): void {
    this.client?.socket.terminate();
  }
}

/** A document. Who comes back is told what it is now. */
class MsquaredEar extends Ear {
  override readonly comesBack = false;
  private client: MsquaredClient | undefined;

  override says([, , content]: Told): unknown {
    return content;
  }

  async listen(node: TestServer): Promise<void> {
    const headers = { 'x-m2-organization': 'main', 'x-m2-project': 'default' };
    const client = (this.client = await MsquaredClient.open(node.url, { token: this.world.bob.token, headers }));
    client.socket.on('message', (frame) => {
      const { data: value, version } = JSON.parse((frame as Buffer).toString()) as MsquaredFrame;
      if (value !== undefined) this.told.push([0, 'updated', { value, version }]);
    });
    await client.subscribe('liveConfig', 'matrix');
  }

  cut(): void {
    this.client?.socket.terminate();
  }
}

/** The doors to listen at, and what each can carry: a new one joins with an entry. */
export const EARS: { name: string; Ear: new (world: MatrixWorld, place: PlaceName) => Ear; carries: PlaceName[] }[] = [
  { name: 'Socket.IO', Ear: SocketEar, carries: ['channel', 'objects', 'document', 'conversation'] },
  { name: 'server-sent events', Ear: EventStreamEar, carries: ['channel', 'objects', 'document', 'conversation'] },
  { name: 'ActionCable', Ear: CableEar, carries: ['conversation'] },
  { name: 'long polling', Ear: PollEar, carries: ['channel'] },
  { name: 'Daptin, channels', Ear: LiveEar, carries: ['channel'] },
  { name: 'Daptin, rows', Ear: LiveRowsEar, carries: ['objects', 'conversation'] },
  { name: 'MSquared', Ear: MsquaredEar, carries: ['document'] },
];
