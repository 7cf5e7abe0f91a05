import { publishRequest } from '../support/http.mjs';
import { RoomcastServer } from './roomcast-server.mjs';

const MOST_NEWCOMERS = 500;

/** One way to publish in Roomcast; rooms have the names that the bench gives them. */
class RoomcastTarget {
  constructor(server) {
    this.server = server;
    this.pids = server.pids;
    this.stop = () => server.stop();
  }

  /** Makes what is missing: the people, the rooms, and the tokens with which people join them. */
  async prepare({ rooms, people, subscribers = people }) {
    await this.server.addPeople(people);
    for (const room of rooms) {
      await this.open(room, people);
      await this.server.fetchTickets(this.roomName(room), subscribers);
    }
  }

  publisher(room, person) {
    const { host, port } = this.server.node(person);
    const { token } = this.server.person(person);
    return publishRequest({ host, port, path: this.publishPath(room), body: this.body, token });
  }

  /** What a stock client needs to get in. */
  credentials(room, person) {
    return { access: this.server.person(person).token, ticket: this.server.ticket(this.roomName(room), person) };
  }

  subscriber(room, person, { after, joins = true } = {}) {
    const { host, port } = this.server.node(person);
    const { token } = this.server.person(person);
    const steps = [
      { expect: '0{' },
      { send: '40', expect: '40' },
      { send: packet('authenticate', { token }), expect: '42["authenticated"' },
    ];
    if (joins) {
      const name = this.roomName(room);
      const request = { name, token: this.server.ticket(name, person), last_id: after };
      steps.push({ send: packet('realtime:join', request), expect: '42["realtime:join:success"' });
    }
    return { host, port, path: '/socket/?EIO=4&transport=websocket', steps };
  }
}

/** Publishing to a channel: the message is its row in the event log. */
export class ChannelTarget extends RoomcastTarget {
  #open = new Set();

  async open(room) {
    if (this.#open.has(room)) return;
    this.#open.add(room);
    await this.server.ask('POST', '/api/channels', {
      token: this.server.administrator,
      body: { name: room, other_permissions: 'publish', custom_publish: true },
    });
  }

  roomName(room) {
    return `/channels/${room}`;
  }

  publishPath(room) {
    return `/api/channels/${room}/publish`;
  }

  body(text) {
    return { payload: { text } };
  }

  /** What it takes to poll the channel with an API key. */
  async poller(room) {
    const { host, port } = this.server.node(0);
    const { administrator: token } = this.server;
    const { api_key: key } = await this.server.ask('POST', '/api/api-keys', { token, body: { ignore_acl: true } });
    const head = `Host: ${host}:${port}\r\nX-API-KEY: ${key}\r\n`;
    return { host, port, path: `/v1.1/instances/main/channels/${room}/poll/`, head };
  }

  async position(room) {
    const { token } = this.server.person(0);
    return (await this.server.ask('GET', `/api/channels/${room}/history?limit=1`, { token })).position;
  }
}

/** Sending to a chat room: a message with its own row, participants and threads, and an event beside it. */
export class ChatTarget extends RoomcastTarget {
  #rooms = new Map();

  async open(room, people) {
    const known = this.#rooms.get(room);
    const ids = Array.from({ length: people }, (_, number) => this.server.person(number).id);
    const { token } = this.server.person(0);
    const created =
      known ??
      (await this.server.ask('POST', '/api/chat-rooms', {
        token,
        body: { kind: 'group_chat', name: room, member_ids: ids.slice(0, 2) },
      }));
    const entry = { uuid: created.uuid, id: created.id, people: known?.people ?? Math.min(2, people) };
    this.#rooms.set(room, entry);
    for (; entry.people < people; entry.people += MOST_NEWCOMERS) {
      const member_ids = ids.slice(entry.people, entry.people + MOST_NEWCOMERS);
      await this.server.ask('POST', `/api/chat-rooms/${entry.uuid}/participants`, { token, body: { member_ids } });
    }
    entry.people = Math.max(people, known?.people ?? 0);
  }

  roomId(room) {
    return this.#rooms.get(room).id;
  }

  roomName(room) {
    return `/chat-rooms/${this.#rooms.get(room).uuid}`;
  }

  publishPath(room) {
    return `/api/chat-rooms/${this.#rooms.get(room).uuid}/messages`;
  }

  body(text) {
    return { body: text };
  }

  async position(room) {
    const { token } = this.server.person(0);
    return (await this.server.ask('GET', `${this.publishPath(room)}?limit=1`, { token })).position;
  }
}

/** The same messages, heard on `/cable`. */
export class CableTarget extends ChatTarget {
  subscriber(room, person) {
    const { host, port } = this.server.node(person);
    const { token } = this.server.person(person);
    const identifier = JSON.stringify({ channel: 'Chats::RoomChannel', chat_room_id: this.roomId(room) });
    const steps = [
      { expect: '{"type":"welcome"' },
      { send: JSON.stringify({ command: 'subscribe', identifier }), expect: '{"identifier"', ignore: '{"type":"ping"' },
    ];
    return { host, port, path: `/cable?token=${token}`, steps };
  }
}

/** What is published to channels, heard on `/live`. */
export class LiveTarget extends ChannelTarget {
  subscriber(room, person) {
    const { host, port } = this.server.node(person);
    const { token } = this.server.person(person);
    const attributes = { topic: room, filters: this.filters(person) };
    const send = JSON.stringify({ method: 'subscribe', attributes, id: 1 });
    // There is no word of welcome: the first thing that is said is the answer.
    return { host, port, path: `/live?token=${token}`, steps: [{ send, expect: '{"MessageSource":"system"' }] };
  }

  filters() {
    return undefined;
  }
}

/** The same, and everybody asks for something else that happens to be true of all messages. */
export class FilteredLiveTarget extends LiveTarget {
  filters(person) {
    return { EventType: 'new-message', [`absent-${person}`]: null };
  }
}

/** Settings that everybody follows on `/api/realtime`: each change is the whole document, under the name of who hears of it. */
export class LiveConfigTarget extends RoomcastTarget {
  async prepare({ rooms, people }) {
    await this.server.addPeople(people);
    for (const room of rooms) {
      const body = this.body('');
      await this.server.ask('PUT', this.path(room), { token: this.server.administrator, body });
    }
  }

  publisher(room, person) {
    const { host, port } = this.server.node(person);
    const token = this.server.administrator;
    return publishRequest({ host, port, method: 'PUT', path: this.path(room), body: this.body, token });
  }

  subscriber(room, person) {
    const { host, port } = this.server.node(person);
    const { token } = this.server.person(person);
    const headers = { authorization: `Bearer ${token}`, 'x-m2-organization': 'main', 'x-m2-project': 'default' };
    const message = { action: 'subscribe', resource: { type: 'liveConfig', id: room } };
    const steps = [{ send: JSON.stringify(message), expect: '{"userId"' }];
    return { host, port, path: '/api/realtime', headers, steps };
  }

  path(room) {
    return `/api/resources/live-config/${room}`;
  }

  body(text) {
    return { value: { text } };
  }
}

/** The Socket.IO packet of an event. */
function packet(event, payload) {
  return `42${JSON.stringify([event, payload])}`;
}

export const subjects = [
  {
    id: 'channel',
    title: 'Roomcast channel',
    start: async (bench, options) => new ChannelTarget(await RoomcastServer.start(bench, options)),
  },
  {
    id: 'chat',
    title: 'Roomcast chat',
    start: async (bench, options) => new ChatTarget(await RoomcastServer.start(bench, options)),
  },
  {
    id: 'cable',
    title: 'Roomcast /cable',
    // What is published is what `chat` publishes; only the way to the subscribers is another.
    only: ['fanout-1000', 'fanout-1000-one-publisher', 'memory'],
    start: async (bench, options) => new CableTarget(await RoomcastServer.start(bench, options)),
  },
  {
    id: 'live',
    title: 'Roomcast /live',
    // What is published is what `channel` publishes.
    only: ['fanout-1000', 'fanout-1000-one-publisher', 'memory'],
    start: async (bench, options) => new LiveTarget(await RoomcastServer.start(bench, options)),
  },
  {
    id: 'live-filtered',
    title: 'Roomcast /live, filters',
    only: ['fanout-1000', 'fanout-1000-one-publisher'],
    start: async (bench, options) => new FilteredLiveTarget(await RoomcastServer.start(bench, options)),
  },
  {
    id: 'live-config',
    title: 'Roomcast live config',
    only: ['publish-32', 'fanout-1000', 'fanout-1000-one-publisher'],
    start: async (bench, options) => new LiveConfigTarget(await RoomcastServer.start(bench, options)),
  },
];
