import { rmSync } from 'node:fs';
import { at, ticket } from './support/chat.js';
import { createDataDir } from './support/database-image.js';
import { addressOf, bodyOf, furnish, type Furnished, roomsOf } from './support/furnished.js';
import type { HttpClient } from './support/http-client.js';
import { ADMIN } from './support/nodes.js';
import { PASSWORD } from './support/people.js';
import { createPrivateDatabase } from './support/private-database.js';
import { type Query, type Where, withDatabase } from './support/raw-database.js';
import { allRoutes } from './support/routes.js';
import { TEST_DATABASE_URL } from './support/services.js';
import { openSocket } from './support/socket-client.js';
import { type SpawnedServer, spawnServer } from './support/spawn-server.js';

/** Stands in every column that nobody may see, and in everything of another workspace. */
const HIDDEN = 'c4n4ry';
const HIDDEN_UUID = 'c4c4c4c4-c4c4-4c4c-8c4c-c4c4c4c4c4c4';
/** Stands in the column that is there for the log: no client sees it. */
const LOGGED = 'r3qu3st';
/** Sent by clients in the wrong places. */
const SENT = 'w0rdofth3client';

/** Columns of text that a client does see, or that hold the names by which the server finds its way. */
const SHOWN: Record<string, string[]> = {
  api_keys: ['description'],
  channels: ['name', 'type', 'description', 'group_permissions', 'other_permissions'],
  chat_room_messages: ['creation_uuid', 'body', 'rich_text_body'],
  chat_rooms: ['uuid', 'identifier', 'kind', 'name', 'description', 'parent_type'],
  classes: ['name', 'description', 'schema', 'group_permissions', 'other_permissions', 'metadata'],
  event_log_epoch: ['epoch'],
  events: ['stream', 'action', 'type', 'path', 'room', 'resource', 'author', 'concerns'],
  groups: ['label', 'name', 'description'],
  members: ['email', 'name', 'role', 'avatar_url', 'headline', 'bio', 'location', 'user_public_uid'],
  live_config_schemas: ['address_hash', 'schema'],
  migrations: ['name'],
  notifications: [
    'action',
    'display_action',
    'action_web_url',
    'notification_group',
    'notifiable_type',
    'notifiable_title',
    'notifiable',
    'parent_type',
    'space_title',
  ],
  objects: ['owner_permissions', 'group_permissions', 'other_permissions', 'channel_room', 'data'],
  resources: [
    'kind',
    'scope',
    'organization',
    'project',
    'world',
    'launch_context',
    'store',
    'name',
    'address_hash',
    'content',
  ],
  streams: ['name'],
  workspace_roles: ['role'],
  workspaces: ['name', 'metadata'],
};

/** What has no end, and whose credentials are canaries by then. */
const CANNOT_SUCCEED = ['GET /api/events', 'POST /api/auth/login', 'POST /api/auth/refresh'];

/** A field in which clients keep what they like, and get it back. */
const ANY_JSON = 'value';

interface Column {
  table_name: string;
  column_name: string;
  data_type: string;
}

interface Reply {
  route: string;
  request: string;
  status: number;
  text: string;
}

/** Puts a canary into every text column that is not on the list above; gives the columns. Of other features the view says what is shown. */
async function plant(query: Query, { others }: Furnished): Promise<string[]> {
  const views = new Map(
    others.map(({ collection, fields }) => [collection.split('/').at(-1)!.replaceAll('-', '_'), fields]),
  );
  const isShown = ({ table_name, column_name, data_type }: Column): boolean => {
    const view = views.get(table_name);
    // What is inside of their JSON only they know.
    if (view && data_type.startsWith('json')) return true;
    return (SHOWN[table_name] ?? view ?? []).includes(column_name);
  };
  const columns = await query<Column>(
    `SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
     JOIN information_schema.tables t USING (table_schema, table_name)
     JOIN pg_class ON relname = c.table_name AND NOT relispartition
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
       AND c.data_type IN ('text', 'character varying', 'uuid', 'json', 'jsonb')`,
  );
  const hidden = columns.filter((column) => !isShown(column));
  for (const { table_name, column_name, data_type } of hidden) {
    const canary = column_name === 'request_id' ? LOGGED : HIDDEN;
    const text = `'${canary}-${table_name}-${column_name}-' || ctid::text`;
    const json = data_type.startsWith('json') ? `to_json(${text})::${data_type}` : text;
    await query(`UPDATE ${table_name} SET ${column_name} = ${data_type === 'uuid' ? `'${HIDDEN_UUID}'` : json}`);
  }
  return hidden.map(({ table_name, column_name }) => `${table_name}.${column_name}`).sort();
}

/** A second workspace, in which everything is a canary. */
async function plantNeighbours(query: Query): Promise<void> {
  for (const sql of [
    `INSERT INTO workspaces (id, name) VALUES (77, '${HIDDEN}-workspace')`,
    `INSERT INTO members (id, workspace_id, email, password_hash, name, role, bio, user_public_uid)
     VALUES (777, 77, '${HIDDEN}@example.com', 'x', '${HIDDEN}-name', 'member', '${HIDDEN}-bio', '${HIDDEN_UUID}')`,
    `INSERT INTO groups (id, workspace_id, label, description) VALUES (777, 77, '${HIDDEN}-label', '')`,
    `INSERT INTO group_members (group_id, member_id) SELECT 777, id FROM members`,
    `INSERT INTO channels (id, workspace_id, name, type, other_permissions, custom_publish)
     VALUES (777, 77, '${HIDDEN}-channel', 'default', 'publish', true)`,
    `INSERT INTO api_keys (id, workspace_id, description, key_hash, ignore_acl, allow_user_create, allow_group_create,
       allow_anonymous_read) VALUES (777, 77, '${HIDDEN}-key', 'x', true, true, true, true)`,
    `INSERT INTO chat_rooms (id, uuid, workspace_id, identifier, kind, name, show_history)
     VALUES (777, '${HIDDEN_UUID}', 77, '${HIDDEN}-room', 'group_chat', '${HIDDEN}-room', true)`,
    `INSERT INTO chat_room_participants (id, chat_room_id, member_id, joined_at)
     SELECT 7000 + id, 777, id, now() FROM members`,
    `INSERT INTO chat_room_messages (id, chat_room_id, chat_room_participant_id, creation_uuid, body, rich_text_body, sent_at)
     VALUES (777, 777, 7777, '${HIDDEN}', '${HIDDEN}-message', '{}', now())`,
    `INSERT INTO notifications (id, workspace_id, member_id, action, notification_group, notifiable_type, notifiable_id,
       notifiable_title, notifiable, is_new, created_at, updated_at)
     VALUES (777, 77, 777, '${HIDDEN}', 'inbox', 'Post', 7, '${HIDDEN}-title', '{}', true, now(), now())`,
  ]) {
    await query(sql);
  }
}

/** Every route as everybody, the right way and wrong ways. */
async function tour(http: HttpClient, world: Furnished): Promise<Reply[]> {
  const callers = { ann: world.ann, bob: world.bob, boss: world.boss };
  const clients: [string, HttpClient][] = [
    ['nobody', http],
    ...Object.entries(callers).map(([name, { token }]): [string, HttpClient] => [name, http.as(token)]),
    ['a wrong token', http.with({ authorization: `Bearer ${SENT}.${SENT}.${SENT}`, cookie: `session=${SENT}` })],
    ['a wrong key', http.with({ 'x-api-key': SENT, 'content-type': SENT })],
  ];
  const replies: Reply[] = [];
  let route = '';
  const ask = async (who: string, client: HttpClient, method: string, path: string, body?: unknown): Promise<void> => {
    const { status, body: answer, headers } = await client.send<unknown>(method, path, body);
    const text = JSON.stringify([answer, [...headers]]);
    replies.push({ route, request: `${who}: ${method} ${path} ${JSON.stringify(body)}`, status, text });
  };
  for (const [who, client] of clients) {
    await ask(who, client, 'GET', `/api/members?q=${HIDDEN.slice(0, 4)}`);
    await ask(who, client, 'POST', '/api/auth/login', { email: world.bob.email, password: SENT });
    for (const path of [
      'members/777',
      'groups/777',
      'groups/777/members',
      'notifications/777',
      `chat-rooms/${HIDDEN_UUID}/messages`,
    ]) {
      await ask(who, client, 'GET', `/api/${path}`);
    }
  }
  for (const each of await allRoutes(http)) {
    route = each.name;
    const path = addressOf(each, world);
    for (const [who, client] of clients) {
      const wrong = `${path}?${[...each.query, 'token'].map((name) => `${name}=${SENT}`).join('&')}`;
      await ask(who, client, each.method, wrong, each.fields ? { [SENT.slice(0, 3)]: SENT } : undefined);
      if (each.fields) {
        const checked = each.fields.filter((name) => name !== ANY_JSON);
        const body = Object.fromEntries(checked.map((name) => [name, { password: SENT }]));
        await ask(who, client, each.method, path, body);
        await ask(who, client, each.method, path, `{"password":"${SENT}`);
      }
      await ask(who, client, each.method, path, each.fields ? bodyOf(each, world) : undefined);
      if (each.query.includes('websockets')) await ask(who, client, each.method, `${path}?websockets=1`);
    }
  }
  return replies;
}

/** Everything that the rooms replay and tell, to a member, while things change; and answers to wrong requests. */
async function listen(server: SpawnedServer, world: Furnished): Promise<{ frames: string; tokens: string[] }> {
  const ann = at(server, world.ann);
  const client = await (await openSocket(server.url)).authenticate(ann.token);
  const tokens: string[] = [];
  for (const room of roomsOf(world)) {
    const token = await ticket(ann, room);
    tokens.push(token);
    await client.join(room, token, { last_id: 0 });
    client.emit('realtime:join', { name: room, token: SENT, last_id: SENT });
    client.emit('realtime:event', { name: room, token: SENT, data: 1 });
  }
  client.emit('realtime:join', { name: `/chat-rooms/${HIDDEN_UUID.toUpperCase()}`, token: SENT });
  await ann.http.patch('/api/me', { headline: 'new' });
  await client.next('realtime:resource', ({ resource }) => (resource as { headline?: string }).headline === 'new');
  const stranger = await openSocket(server.url);
  stranger.emit('authenticate', { token: `${SENT}.${SENT}.${SENT}` });
  await stranger.next('unauthorized');
  const frames = JSON.stringify([client.frames, stranger.frames]);
  client.close();
  return { frames, tokens };
}

// Real: the compiled server as a process, its database, its log at the finest level, HTTP and the stock client.
describe('what is hidden', () => {
  it('is in no reply, no frame, no replay and no log line', async () => {
    const database = TEST_DATABASE_URL === null ? null : await createPrivateDatabase();
    const dataDir = await createDataDir();
    const where: Where = database ? { DATABASE_URL: database.url } : { DATA_DIR: dataDir };
    const env: Record<string, string> = { DATA_DIR: dataDir, LOG_LEVEL: 'trace', ...where };
    const servers: SpawnedServer[] = [];
    try {
      servers.push(await spawnServer({ ...env, ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password }));
      const world = await furnish(servers[0]!.http, ADMIN);
      await servers[0]!.stop();
      let planted: string[] = [];
      await withDatabase(where, async (query) => {
        planted = await plant(query, world);
        await plantNeighbours(query);
      });
      expect(planted).toEqual(
        expect.arrayContaining([
          'accounts.account_key_hash',
          'accounts.password_hash',
          'api_keys.key_hash',
          'events.request_id',
          'members.password_hash',
          'refresh_tokens.token_hash',
        ]),
      );

      servers.push(await spawnServer(env));
      const server = servers[1]!;
      const { frames, tokens } = await listen(server, world);
      const replies = await tour(server.http, world);

      for (const { request, status, text } of replies) {
        for (const secret of [HIDDEN, HIDDEN_UUID, LOGGED, SENT, 'argon2', PASSWORD]) {
          if (text.includes(secret)) throw new Error(`${request} was answered ${status} with a secret: ${text}`);
        }
        if (status >= 500) throw new Error(`${request} was answered ${status}`);
        if (/^(nobody|bob|a wrong)/.test(request)) expect(text).not.toContain(world.ann.email);
      }
      const reached = new Set(replies.filter(({ status }) => status < 300).map(({ route }) => route));
      const all = (await allRoutes(server.http)).map(({ name }) => name);
      expect(all.filter((name) => !reached.has(name))).toEqual(CANNOT_SUCCEED);
      for (const secret of [
        HIDDEN,
        HIDDEN_UUID.slice(0, 8),
        LOGGED,
        SENT,
        'argon2',
        '@example.com',
        PASSWORD,
        ...tokens,
      ]) {
        expect(frames).not.toContain(secret);
      }
      const log = servers.map((each) => each.output()).join('\n');
      const people = [world.ann, world.bob, world.boss];
      const credentials = people.flatMap(({ token, refreshToken }) => [token, refreshToken, token.split('.')[2]!]);
      const secrets = [HIDDEN, HIDDEN_UUID, SENT, 'argon2', PASSWORD, ADMIN.password, world.apiKey.api_key];
      for (const secret of [...secrets, ...credentials, ...tokens]) {
        expect(log.split('\n').filter((line) => line.includes(secret))).toEqual([]);
      }
      expect(log).toMatch(/DEBUG/);
    } finally {
      await Promise.all(servers.map((each) => each.kill()));
      rmSync(dataDir, { recursive: true, force: true });
      await database?.drop();
    }
  });
});
