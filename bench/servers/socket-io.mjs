/** Comparison: a bare Socket.IO room. Nothing is stored, nobody is asked who they are. */
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { listen, readJson, reply } from './listen.mjs';

let last = 0;

const server = createServer();
const io = new Server(server);
server.on('request', (request, response) => {
  if (request.method !== 'POST' || !request.url.startsWith('/rooms/')) return;
  readJson(request, ({ text }) => {
    const room = request.url.split('/')[2];
    const message = { id: ++last, room, text, created_at: new Date().toISOString() };
    io.to(room).emit('message', message);
    reply(response, 201, message);
  });
});

io.on('connection', (socket) => {
  socket.on('join', async (room) => {
    await socket.join(room);
    socket.emit('joined', room);
  });
});

listen(server);
