import { EventEmitter, once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { WebSocket } from 'ws';
import { SessionRegistry } from '../../realtime/session-registry.js';
import type { Session } from '../../realtime/session.js';
import { CableConnection } from './cable.connection.js';
import type { CableDoor } from './cable.door.js';

class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;

  breakOff(): void {
    this.readyState = 3;
    this.emit('close');
  }
}

const member = { kind: 'member', memberId: 1, workspaceId: 1, administrator: false };

// Real: the connection and the registry of sessions.
describe('a connection that restores another one', () => {
  let socket: FakeSocket;
  let stream: PassThrough;
  let sessions: SessionRegistry;
  let pinged: Set<Session>;
  let findChannel: () => Promise<null>;

  beforeEach(() => {
    [socket, stream] = [new FakeSocket(), new PassThrough()];
    [sessions, pinged] = [new SessionRegistry(), new Set()];
  });

  function connect(): void {
    const door = {
      sessions,
      heartbeat: {
        add: (session: Session) => pinged.add(session),
        remove: (session: Session) => pinged.delete(session),
      },
      authenticator: { byToken: () => Promise.resolve({ member, expiresAt: null }) },
      restore: { find: () => ['a channel'], remember: () => undefined, forget: () => undefined },
      log: { epoch: () => Promise.resolve('epoch') },
      channels: { find: () => findChannel() },
      outages: { outlast: (work: () => Promise<void>) => work().catch(work) },
    };
    const wire = { socket: socket as unknown as WebSocket, stream };
    new CableConnection(wire, { token: 'token', sid: 'the other' }, true, door as unknown as CableDoor);
  }

  it('in the middle of an outage is one session, and none once it is closed', async () => {
    let fails = true;
    findChannel = () => {
      if (!fails) return Promise.resolve(null);
      fails = false;
      return Promise.reject(new Error('the database is away'));
    };
    connect();
    await once(stream, 'data');
    expect([sessions.size, sessions.members, pinged.size]).toEqual([1, 1, 1]);
    socket.breakOff();
    expect([sessions.size, sessions.members, pinged.size]).toEqual([0, 0, 0]);
  });

  it('and breaks off before its welcome leaves nothing behind', async () => {
    findChannel = () => {
      socket.breakOff();
      return Promise.resolve(null);
    };
    connect();
    // Everything that it still had to do is done by then.
    await new Promise((resolve) => setImmediate(resolve));
    expect([sessions.size, sessions.strangers.size, pinged.size]).toEqual([0, 0, 0]);
  });
});
