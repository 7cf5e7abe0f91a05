import type { MemberIdentity } from '../../auth/identity.js';
import type { Settings } from '../../config/settings.js';
import { LocalBus } from '../../events/bus/local-bus.js';
import type { Dialect } from '../dialect.js';
import { SessionRegistry } from '../session-registry.js';
import { Session } from '../session.js';
import { LastSeen } from './last-seen.js';
import { Presence } from './presence.js';

const MINUTE = 60_000;

// Not real: time, and the connections.
describe('the presence of a member', () => {
  let sessions: SessionRegistry;
  let presence: Presence;

  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    presence.onModuleDestroy();
    jest.useRealTimers();
  });

  function start(presenceGraceSeconds: number): void {
    sessions = new SessionRegistry();
    presence = new Presence(new LocalBus(), sessions, { presenceGraceSeconds, presenceBeatMs: 2_000 } as Settings);
    presence.onApplicationBootstrap();
  }

  function connect(memberId = 7): Session {
    const member: MemberIdentity = { kind: 'member', memberId, workspaceId: 1, administrator: false };
    const connection = { write: () => undefined, drop: () => undefined, end: () => undefined };
    const session = new Session(`${memberId}`, member, { name: 'test' } as Dialect, connection);
    sessions.add(session);
    return session;
  }

  it('lasts from the first session to the end of the last one', () => {
    start(0);
    expect(presence.status(1, 7)).toBeNull();
    const [one, other] = [connect(), connect()];
    sessions.remove(one);
    expect(presence.status(1, 7)).toBe(true);
    sessions.remove(other);
    expect(presence.status(1, 7)).toBe(false);
  });

  it('goes on for the grace, and through it when the member comes back in time', () => {
    start(2);
    sessions.remove(connect());
    jest.advanceTimersByTime(1_990);
    expect(presence.status(1, 7)).toBe(true);
    const back = connect();
    jest.advanceTimersByTime(10_000);
    expect(presence.status(1, 7)).toBe(true);
    sessions.remove(back);
    jest.advanceTimersByTime(1_990);
    expect(presence.status(1, 7)).toBe(true);
    jest.advanceTimersByTime(20);
    expect(presence.status(1, 7)).toBe(false);
  });

  it('ends for each after their own grace, in the order in which they went', () => {
    start(2);
    const [one, two, three] = [connect(1), connect(2), connect(3)];
    sessions.remove(two);
    jest.advanceTimersByTime(1_000);
    sessions.remove(one);
    sessions.remove(three);
    connect(3);
    jest.advanceTimersByTime(1_010);
    expect([...presence.online(1)]).toEqual([1, 3]);
    jest.advanceTimersByTime(1_000);
    expect([...presence.online(1)]).toEqual([3]);
  });

  it('is remembered for 15 minutes after it ended', () => {
    start(0);
    sessions.remove(connect());
    jest.advanceTimersByTime(15 * MINUTE - 10);
    expect(presence.status(1, 7)).toBe(false);
    jest.advanceTimersByTime(20);
    expect(presence.status(1, 7)).toBeNull();
  });

  it('is nobody else’s business: another workspace sees nothing of it', () => {
    start(0);
    const session = connect();
    expect([presence.status(2, 7), [...presence.online(2)]]).toEqual([null, []]);
    sessions.remove(session);
    expect(presence.status(2, 7)).toBeNull();
  });
});

describe('the memory of who was seen', () => {
  it('takes over what another node remembers, and believes itself where both do', () => {
    jest.useFakeTimers();
    const [own, other] = [new LastSeen(), new LastSeen()];
    for (const memberId of [1, 2]) other.remember(1, memberId);
    jest.advanceTimersByTime(10 * MINUTE);
    own.remember(1, 2);
    own.remember(1, 3);
    own.learn(other.sightings());
    expect(own.sightings().map(([, memberId]) => memberId)).toEqual([1, 2, 3]);
    jest.advanceTimersByTime(6 * MINUTE);
    expect([1, 2, 3].map((memberId) => own.has(1, memberId))).toEqual([false, true, true]);
    jest.useRealTimers();
  });

  it('is bounded: the longest gone are forgotten first', () => {
    const seen = new LastSeen();
    for (let memberId = 1; memberId <= 100_010; memberId += 1) seen.remember(1, memberId);
    expect([seen.has(1, 10), seen.has(1, 11), seen.sightings().length]).toEqual([false, true, 100_000]);
  });
});
