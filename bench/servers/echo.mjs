/** Not a contestant: answers every request with the same bytes, to show how much the load generator itself can ask. */
import { createServer } from 'node:net';
import { listen } from './listen.mjs';

const ANSWER = Buffer.from('HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}');

listen(
  createServer({ noDelay: true }, (socket) => {
    // The generator has one request under way per connection, so what arrives together is one request.
    socket.on('data', () => socket.write(ANSWER));
    socket.on('error', () => socket.destroy());
  }),
);
