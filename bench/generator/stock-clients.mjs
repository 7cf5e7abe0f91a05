/** A process full of stock Socket.IO clients that stay in one room, over as many connections as it takes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { io } from 'socket.io-client';

const CONCURRENCY = 50;
const BACK_LIMIT_MS = 60_000;
const LOOK_MS = 20;
const clients = [];

/** As an app would use it, with the reconnection that Socket.IO comes with. */
class StockClient {
  last = 0;
  wrong = 0;
  inside = false;
  refused = 0;
  /** [left, back] of each connection but the first, in ms of this process. */
  absences = [];

  constructor(url, room, { access, ticket }) {
    const socket = (this.socket = io(url, { path: '/socket', transports: ['websocket'], forceNew: true }));
    socket.on('connect', () => socket.emit('authenticate', { token: access }));
    socket.on('authenticated', () => socket.emit('realtime:join', { name: room, token: ticket, last_id: this.last }));
    socket.on('unauthorized', () => (this.refused += 1));
    socket.on('realtime:join:error', () => (this.refused += 1));
    socket.on('realtime:join:success', ({ resync }) => {
      if (resync) this.wrong += 1;
      this.inside = true;
      const absence = this.absences.at(-1);
      if (absence && absence.length === 1) absence.push(performance.now());
    });
    socket.on('realtime:resource', ({ id }) => {
      if (id !== this.last + 1) this.wrong += 1;
      this.last = id;
    });
    socket.on('disconnect', () => {
      if (this.inside) this.absences.push([performance.now()]);
      this.inside = false;
    });
  }
}

const commands = {
  async connect({ url, room, people }) {
    const waiting = [...people];
    const one = async () => {
      for (let person = waiting.pop(); person !== undefined; person = waiting.pop()) {
        const client = new StockClient(url, room, person);
        clients.push(client);
        await until(() => client.inside);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, one));
  },

  /** From now on absences are counted anew. */
  async watch() {
    for (const client of clients) client.absences = [];
    return { now: performance.now() };
  },

  /** Waits until everybody is inside and has seen `head`, then tells how it went since `since`. */
  async back({ head, since }) {
    await until(() => clients.every(({ inside, last }) => inside && last >= head));
    const absences = clients.flatMap((client) => client.absences);
    const perSecond = new Map();
    for (const [, back] of absences) {
      const second = Math.floor((back - since) / 1000);
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
    }
    return {
      away: absences.length,
      seconds: Math.max(0, ...absences.map(([, back]) => back - since)) / 1000,
      longest: Math.max(0, ...absences.map(([left, back]) => back - left)) / 1000,
      busiest: Math.max(0, ...perSecond.values()),
      missing: clients.filter(({ inside, last }) => !inside || last < head).length,
      wrong: clients.reduce((sum, { wrong }) => sum + wrong, 0),
      refused: clients.reduce((sum, { refused }) => sum + refused, 0),
    };
  },
};

async function until(done) {
  const limit = performance.now() + BACK_LIMIT_MS;
  while (!done() && performance.now() < limit) await sleep(LOOK_MS);
}

process.on('message', ({ id, command, options }) => {
  commands[command](options).then(
    (result) => process.send({ id, result }),
    (error) => process.send({ id, error: error.stack }),
  );
});
process.on('disconnect', () => process.exit(0));
