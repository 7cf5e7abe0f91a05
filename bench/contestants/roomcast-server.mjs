import { createHmac, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { askJson, eachOf } from '../support/http.mjs';
import { withClient } from '../support/postgres.mjs';
import { startServer } from '../support/processes.mjs';

const ADMINISTRATOR = { email: 'bench@roomcast.local', password: randomBytes(12).toString('hex') };
const PROFILER = new URL('../servers/profile.mjs', import.meta.url).href;
const TOKEN_SECONDS = 86_400;

/** Roomcast as it runs in production, with people and room tokens for the load generator. */
export class RoomcastServer {
  #people = [];
  #tickets = new Map();

  constructor(nodes, startNode, databaseUrl, secret) {
    this.nodes = nodes;
    this.startNode = startNode;
    this.databaseUrl = databaseUrl;
    this.secret = secret;
    this.pids = nodes.map(({ pid }) => pid);
  }

  static async start({ postgres, folder, profile }, { nodeArgs = [], redisUrl, nodes = 1, name = 'roomcast' } = {}) {
    const databaseUrl = await postgres.createDatabase(name);
    const secret = randomBytes(32).toString('hex');
    const dataDir = join(folder, `data-${name}`);
    mkdirSync(dataDir, { recursive: true });
    const env = {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: databaseUrl,
      DATA_DIR: dataDir,
      JWT_SECRET: secret,
      ADMIN_EMAIL: ADMINISTRATOR.email,
      ADMIN_PASSWORD: ADMINISTRATOR.password,
      RATE_LIMITS: 'off',
      ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
      ...(profile === undefined ? {} : { BENCH_PROFILE_DIR: profile }),
    };
    const profiling = profile === undefined ? [] : [`--import=${PROFILER}`];
    const options = { env, nodeArgs: [...nodeArgs, ...profiling] };
    const startNode = () => startServer(join(folder, 'dist', 'main.js'), options);
    const started = [];
    for (let node = 0; node < nodes; node++) started.push(await startNode());
    const server = new RoomcastServer(started, startNode, databaseUrl, secret);
    const login = await server.ask('POST', '/api/auth/login', { body: ADMINISTRATOR });
    server.administrator = login.access_token;
    return server;
  }

  async stop() {
    for (const node of this.nodes) await node.stop();
  }

  /** A new node in place of one that was stopped. */
  async replace(place) {
    return (this.nodes[place] = await this.startNode());
  }

  ask(method, path, options) {
    const running = this.nodes.find((node) => !node.gone());
    return askJson(running, method, path, options);
  }

  node(number) {
    return this.nodes[number % this.nodes.length];
  }

  /** Makes members by the thousand: written in bulk, because a thousand registrations would hash a thousand passwords. */
  async addPeople(count) {
    const missing = count - this.#people.length;
    if (missing <= 0) return;
    const { rows } = await withClient(this.databaseUrl, (client) =>
      client.query(
        `INSERT INTO members (workspace_id, email, password_hash, name, role, user_public_uid)
         SELECT 1, 'person-' || n || '@roomcast.local', '!', 'Person ' || n, 'member', gen_random_uuid()
         FROM generate_series($1::int, $2::int) AS n RETURNING id`,
        [this.#people.length + 1, count],
      ),
    );
    for (const { id } of rows) this.#people.push({ id: Number(id), token: this.#accessToken(id) });
  }

  person(number) {
    return this.#people[number];
  }

  /** Asks for the tokens with which these people may join a room. */
  async fetchTickets(room, count) {
    const tickets = this.#tickets.get(room) ?? [];
    this.#tickets.set(room, tickets);
    const missing = Array.from({ length: count }, (_, number) => number).filter((number) => !tickets[number]);
    await eachOf(missing, async (number) => {
      const { token } = this.#people[number];
      const { websockets } = await this.ask('POST', '/api/realtime/tokens', { token, body: { rooms: [room] } });
      tickets[number] = websockets[0].token;
    });
  }

  ticket(room, number) {
    return this.#tickets.get(room)[number];
  }

  /** What a login would give; the bench knows the secret because it made it. */
  #accessToken(id) {
    const now = Math.floor(Date.now() / 1000);
    const claims = { workspace: 1, type: 'access', iat: now, exp: now + TOKEN_SECONDS, sub: String(id) };
    const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    return `${signed}.${createHmac('sha256', this.secret).update(signed).digest('base64url')}`;
  }
}
