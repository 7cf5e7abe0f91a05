import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { askJson, publishRequest } from '../support/http.mjs';
import { startServer } from '../support/processes.mjs';
import { compile } from '../support/run-folder.mjs';

const SERVERS = fileURLToPath(new URL('../servers/', import.meta.url));

/** A server of `bench/servers`: rooms are paths, everybody may everything. */
class Comparison {
  constructor(server) {
    this.server = server;
    this.pids = [server.pid];
    this.stop = server.stop;
  }

  prepare() {}

  publisher(room) {
    const { host, port } = this.server;
    return publishRequest({ host, port, path: `/rooms/${room}/messages`, body: (text) => ({ text }) });
  }

  async position(room) {
    return (await askJson(this.server, 'GET', `/rooms/${room}`)).position;
  }
}

class WebSocketComparison extends Comparison {
  subscriber(room, _person, { after } = {}) {
    const { host, port } = this.server;
    return { host, port, path: `/rooms/${room}${after === undefined ? '' : `?after=${after}`}`, steps: [] };
  }
}

class SocketIoComparison extends Comparison {
  subscriber(room) {
    const { host, port } = this.server;
    const join = { send: `42${JSON.stringify(['join', room])}`, expect: '42["joined"' };
    return {
      host,
      port,
      path: '/socket.io/?EIO=4&transport=websocket',
      steps: [{ expect: '0{' }, { send: '40', expect: '40' }, join],
    };
  }
}

export const comparisons = [
  {
    id: 'ws',
    title: 'bare ws',
    start: async (_bench, options) => new WebSocketComparison(await startServer(join(SERVERS, 'ws.mjs'), options)),
  },
  {
    id: 'socket-io',
    title: 'bare Socket.IO',
    start: async (_bench, options) =>
      new SocketIoComparison(await startServer(join(SERVERS, 'socket-io.mjs'), options)),
  },
  {
    id: 'by-hand',
    title: 'by hand',
    start: async ({ postgres }, options) => {
      const env = { DATABASE_URL: await postgres.createDatabase('by_hand') };
      return new WebSocketComparison(await startServer(join(SERVERS, 'by-hand.mjs'), { ...options, env }));
    },
  },
  {
    id: 'tutorial',
    title: 'tutorial',
    start: async ({ postgres, folder }, options) => {
      const env = { DATABASE_URL: await postgres.createDatabase('tutorial'), NODE_ENV: 'production' };
      const file = await compile(join(SERVERS, 'tutorial.ts'), folder);
      return new SocketIoComparison(await startServer(file, { ...options, env }));
    },
  },
];
