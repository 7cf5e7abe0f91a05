/** Comparison: a bare `ws` broadcast. Nothing is stored, nobody is asked who they are. */
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { listen, readJson, reply } from './listen.mjs';

const rooms = new Map();
let last = 0;

const server = createServer((request, response) => {
  readJson(request, ({ text }) => {
    const room = request.url.split('/')[2];
    const message = { id: ++last, room, text, created_at: new Date().toISOString() };
    const frame = JSON.stringify(message);
    for (const socket of rooms.get(room) ?? []) socket.send(frame);
    reply(response, 201, message);
  });
});

new WebSocketServer({ server }).on('connection', (socket, request) => {
  const name = request.url.split('/')[2];
  const room = rooms.get(name) ?? new Set();
  rooms.set(name, room.add(socket));
  socket.on('close', () => room.delete(socket));
});

listen(server);
