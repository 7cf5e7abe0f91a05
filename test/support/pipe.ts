import type { Socket } from 'node:net';

/** Passes everything on both ways; when one end closes so does the other. Both are in `open` while they live. */
export function pipeBothWays(near: Socket, far: Socket, open: Set<Socket>): void {
  for (const [socket, other] of [
    [near, far],
    [far, near],
  ] as const) {
    open.add(socket);
    socket.pipe(other);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      open.delete(socket);
      other.destroy();
    });
  }
}
