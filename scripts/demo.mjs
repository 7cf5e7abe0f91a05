// Two members chat live in the terminal, on a server of their own: in memory, on any free port, gone at the end.
import { setTimeout as pause } from 'node:timers/promises';
import { io } from 'socket.io-client';

/** A person at a terminal has time to read; a pipe has none to lose. */
const READING_MS = process.stdout.isTTY ? 900 : 0;
const PATIENCE_MS = 15_000;

/** A test names another build. */
const { createApp } = await import(process.argv[2] ?? '../dist/app.js');

/** One member with one Socket.IO connection, who remembers the number of the last event that arrived. */
class Chatter {
  /** The messages that arrived, oldest first. */
  seen = [];
  #last;
  #room;
  #joined = false;
  #waiting = () => {};

  constructor(name, url) {
    this.name = name;
    this.url = url;
    this.socket = io(url, { path: '/socket', transports: ['websocket'], autoConnect: false });
    this.socket.on('connect', () => this.socket.emit('authenticate', { token: this.token }));
    this.socket.on('authenticated', () => {
      this.socket.emit('realtime:join', { ...this.#room, last_id: this.#last });
    });
    this.socket.on('realtime:join:success', ({ position }) => {
      this.#last ??= position;
      this.#joined = true;
      this.#waiting();
    });
    this.socket.on('realtime:join:error', ({ error }) => fail(new Error(error)));
    this.socket.on('realtime:resource', (event) => this.#take(event));
  }

  async register() {
    const email = `${this.name.toLowerCase()}@example.com`;
    const session = await this.call('POST', '/api/auth/register', {
      email,
      password: 'only for the demo',
      name: this.name,
    });
    this.token = session.access_token;
    this.id = session.member.id;
  }

  /** Gets the token of the room, connects, and is in the room when this is done. */
  async enter(uuid) {
    const name = `/chat-rooms/${uuid}`;
    const { websockets } = await this.call('POST', '/api/realtime/tokens', { rooms: [name] });
    this.path = `/api${name}/messages`;
    this.#room = { name, token: websockets[0].token };
    await this.come();
  }

  async come() {
    this.socket.connect();
    await this.#until(() => this.#joined);
  }

  go() {
    this.#joined = false;
    this.socket.disconnect();
  }

  say(body) {
    return this.call('POST', this.path, { body });
  }

  /** Until this many messages have arrived. */
  hears(count) {
    return this.#until(() => this.seen.length >= count);
  }

  async call(method, path, body) {
    const headers = {
      'content-type': 'application/json',
      ...(this.token && { authorization: `Bearer ${this.token}` }),
    };
    const reply = await fetch(this.url + path, { method, headers, body: body && JSON.stringify(body) });
    const answer = await reply.json();
    if (!reply.ok) throw new Error(`${method} ${path}: ${answer.error.message}`);
    return answer;
  }

  #take({ id, type, action, resource }) {
    this.#last = id;
    if (type !== 'message' || action !== 'created') return;
    this.seen.push({ id, body: resource.body });
    print(`  ${this.name}'s screen  ${String(id).padStart(3)}  ${resource.sender.name}: ${resource.body}`);
    this.#waiting();
  }

  #until(reached) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${this.name} waited in vain`)), PATIENCE_MS);
      this.#waiting = () => {
        if (!reached()) return;
        clearTimeout(timer);
        resolve();
      };
      this.#waiting();
    });
  }
}

const print = (text = '') => console.log(text);

/** Each says their words when everybody has received those before. */
async function chat(people, ...words) {
  for (const [speaker, body] of words) {
    const count = people[0].seen.length + 1;
    await speaker.say(body);
    await Promise.all(people.map((person) => person.hears(count)));
    await pause(READING_MS);
  }
}

async function play(url) {
  const ann = new Chatter('Ann', url);
  const ben = new Chatter('Ben', url);
  closers.push(() => [ann, ben].forEach((person) => person.go()));
  await ann.register();
  await ben.register();
  const { uuid } = await ann.call('POST', '/api/chat-rooms', { kind: 'direct', member_ids: [ben.id] });
  await ann.enter(uuid);
  await ben.enter(uuid);
  print('Ann and Ben are in a room of their own. Each line appears when it arrives, with its number in the room.');
  print();

  const both = [ann, ben];
  await chat(
    both,
    [ann, 'Hi Ben! Do you read me?'],
    [ben, 'Loud and clear.'],
    [ann, 'Every line here was committed to a database before you saw it.'],
    [ben, 'And what if I lose the connection?'],
    [ann, 'Try it.'],
  );

  ben.go();
  print();
  print('Ben is cut off. Ann goes on.');
  print();
  await chat([ann], [ann, 'Still there?'], [ann, 'I keep talking.'], [ann, 'You will get all of this.']);

  print();
  print(`Ben comes back and says that ${ben.seen.at(-1).id} was the last thing he saw.`);
  print();
  await ben.come();
  await ben.hears(ann.seen.length);
  await pause(READING_MS);
  await chat(both, [ben, 'Everything is here, in order. Nothing twice.'], [ann, 'That is the idea.']);

  const { records } = await ann.call('GET', ann.path);
  compare(ann, ben, records);
  print();
  print(`Both have seen the same ${records.length} messages, in the same order, each once.`);
}

/** What both saw is what the server has, numbered without a hole. */
function compare(ann, ben, records) {
  const stored = records.map((message) => message.body);
  for (const { name, seen } of [ann, ben]) {
    const consecutive = seen.every(({ id }, index) => id === seen[0].id + index);
    const same = JSON.stringify(seen.map(({ body }) => body)) === JSON.stringify(stored);
    if (!consecutive || !same) throw new Error(`${name} has not seen what was said`);
  }
}

const closers = [];
let leaving = false;

async function leave(code) {
  if (leaving) process.exit(code);
  leaving = true;
  for (const close of closers.reverse()) await close();
  process.exit(code);
}

function fail(error) {
  if (leaving) return;
  console.error(error);
  void leave(1);
}

process.on('SIGINT', () => void leave(130));
process.on('SIGTERM', () => void leave(143));

try {
  print('Starting a server in memory, which takes a few seconds …');
  const env = { NODE_ENV: 'development', HOST: '127.0.0.1', PORT: '0', DATA_DIR: 'memory://' };
  const roomcast = await createApp({ env, quiet: true });
  closers.push(() => roomcast.close());
  await play(await roomcast.listen());
  await leave(0);
} catch (error) {
  fail(error);
}
