import type { MemberIdentity } from '../auth/identity.js';
import type { Dialect } from './dialect.js';
import type { Connection } from './outgoing-queue.js';
import { Session } from './session.js';
import { SessionRegistry } from './session-registry.js';

// Not real: the connection, which never gets its first write done.
describe('the sessions of a node', () => {
  const stuck = (registry: SessionRegistry): Session => {
    const connection: Connection = {
      write: () => undefined,
      drop: () => registry.remove(session),
      end: () => registry.remove(session),
    };
    const member = { kind: 'member', memberId: 7, workspaceId: 1, administrator: false } as MemberIdentity;
    const session = new Session('one', member, { name: 'test' } as Dialect, connection);
    registry.add(session);
    return session;
  };

  it('count one that was cut off because it did not keep up, once', () => {
    const registry = new SessionRegistry();
    const session = stuck(registry);
    session.send('under way');
    session.send('x'.repeat(1_000));
    expect(session.queue.waitingBytes).toBe(1_000);
    session.send('x'.repeat(1024 * 1024));
    registry.remove(session);
    expect(registry.counts.slowCuts).toBe(1);
    expect(session.queue.waitingBytes).toBe(0);
    expect([...registry.all()]).toEqual([]);
  });

  it('tell of the first one of a member and of the last, however often one is removed', () => {
    const registry = new SessionRegistry();
    const told: string[] = [];
    registry.watch({
      came: ({ memberId }) => told.push(`came ${memberId}`),
      left: ({ memberId }) => told.push(`left ${memberId}`),
    });
    const [one, other] = [stuck(registry), stuck(registry)];
    expect([told, registry.members]).toEqual([['came 7'], 1]);
    for (const session of [one, one, other, other]) registry.remove(session);
    expect([told, registry.members]).toEqual([['came 7', 'left 7'], 0]);
    stuck(registry);
    expect(told).toEqual(['came 7', 'left 7', 'came 7']);
  });

  it('do not count one that left by itself', () => {
    const registry = new SessionRegistry();
    registry.remove(stuck(registry));
    expect(registry.counts.slowCuts).toBe(0);
  });
});
