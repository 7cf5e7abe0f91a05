/** Not a contestant: writes prepared frames as fast as they are taken, to show how many the load generator can read. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { listen } from './listen.mjs';

const PAYLOAD = Buffer.alloc(300, 'x');
const FRAME = Buffer.concat([Buffer.from([0x81, 126, PAYLOAD.length >> 8, PAYLOAD.length & 0xff]), PAYLOAD]);
const BLOCK = Buffer.concat(Array(100).fill(FRAME));

listen(
  createServer((socket) => {
    socket.once('data', (request) => {
      const key = /sec-websocket-key: (\S+)/i.exec(request.toString('latin1'))[1];
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
      pour(socket);
    });
    socket.on('error', () => socket.destroy());
  }),
);

function pour(socket) {
  if (socket.destroyed) return;
  socket.write(BLOCK, () => setImmediate(pour, socket));
}
