import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { endLater } from './processes.mjs';

const LOOK_MS = 100;

/** What stands before several nodes: asks each often whether it is ready, and sends connections to those in turn. */
export class Balancer {
  #nodes = [];
  #sockets = new Set();
  #turn = 0;
  #server = createServer((near) => this.#join(near));

  static async start() {
    const balancer = new Balancer();
    balancer.#server.listen(0, '127.0.0.1');
    await once(balancer.#server, 'listening');
    let open = true;
    balancer.stop = endLater(async () => {
      open = false;
      balancer.#server.close();
      for (const socket of balancer.#sockets) socket.destroy();
    });
    void (async () => {
      for (; open; await sleep(LOOK_MS)) await Promise.all(balancer.#nodes.map(ask));
    })();
    return balancer;
  }

  get port() {
    return this.#server.address().port;
  }

  /** Takes this node in, at the place of one that has gone. */
  async set(place, { host, port }) {
    const node = (this.#nodes[place] = { host, port, ready: false });
    while (!node.ready) await sleep(LOOK_MS);
  }

  #join(near) {
    near.on('error', () => undefined);
    const ready = this.#nodes.filter((node) => node.ready);
    if (ready.length === 0) return void near.destroy();
    const { host, port } = ready[++this.#turn % ready.length];
    const far = connect({ host, port, noDelay: true });
    near.setNoDelay(true);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ]) {
      this.#sockets.add(socket);
      socket.pipe(other);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}

async function ask(node) {
  const reply = await fetch(`http://${node.host}:${node.port}/health/ready`).catch(() => null);
  await reply?.arrayBuffer().catch(() => undefined);
  node.ready = reply?.status === 200;
}
