/**
 * Comparison: what a careful engineer writes in an hour with `node:http`, `pg` and `ws`. One INSERT per publish, then the
 * broadcast; a client that returns says the last id it saw. No login, no permission, no order between publishers.
 */
import { createServer } from 'node:http';
import pg from 'pg';
import { WebSocketServer } from 'ws';
import { listen, readJson, reply } from './listen.mjs';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
await pool.query(`
  CREATE TABLE IF NOT EXISTS messages (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    room text NOT NULL,
    text text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
  )`);
await pool.query('CREATE INDEX IF NOT EXISTS messages_by_room ON messages (room, id)');

const insert = 'INSERT INTO messages (room, text) VALUES ($1, $2) RETURNING id, room, text, created_at';
const missed = 'SELECT id, room, text, created_at FROM messages WHERE room = $1 AND id > $2 ORDER BY id';
const newest = 'SELECT coalesce(max(id), 0) AS position FROM messages WHERE room = $1';

const rooms = new Map();

const server = createServer((request, response) => {
  const room = request.url.split('/')[2];
  if (request.method === 'GET') return void sendPosition(room, response);
  readJson(request, ({ text }) => void publish(room, text, response));
});

async function sendPosition(room, response) {
  const { rows } = await pool.query(newest, [room]);
  reply(response, 200, { position: Number(rows[0].position) });
}

async function publish(room, text, response) {
  const { rows } = await pool.query({ name: 'insert', text: insert, values: [room, text] });
  const frame = JSON.stringify(rows[0]);
  for (const socket of rooms.get(room) ?? []) socket.send(frame);
  reply(response, 201, rows[0]);
}

new WebSocketServer({ server }).on('connection', async (socket, request) => {
  const url = new URL(request.url, 'http://localhost');
  const name = url.pathname.split('/')[2];
  const room = rooms.get(name) ?? new Set();
  rooms.set(name, room.add(socket));
  socket.on('close', () => room.delete(socket));
  const after = url.searchParams.get('after');
  if (after === null) return;
  const { rows } = await pool.query({ name: 'missed', text: missed, values: [name, after] });
  for (const row of rows) socket.send(JSON.stringify(row));
});

listen(server);
