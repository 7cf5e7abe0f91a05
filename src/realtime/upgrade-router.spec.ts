import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { refuse } from './upgrade-router.js';

describe('a handshake that is refused', () => {
  it('is answered, and the connection ends, also when the client would stay', async () => {
    let answer = '';
    const socket = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        answer += chunk.toString();
        done();
      },
    });
    refuse(socket, 404);
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1.1 404 Not Found\r\n/);
  });
});
