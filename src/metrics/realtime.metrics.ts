import type { Session } from '../realtime/session.js';
import type { SessionRegistry } from '../realtime/session-registry.js';
import type { Waiters } from '../realtime/waiters.js';
import type { Exposition } from './exposition.js';

export function exposeRealtime(metrics: Exposition, sessions: SessionRegistry, waiters: Waiters): void {
  const { counts } = sessions;
  exposeState(metrics, sessions, waiters);
  metrics.histogram(
    {
      name: 'roomcast_delivery_lag_seconds',
      help: 'From the writing of an event to its delivery to the live sessions of this node: the oldest one of each delivery.',
    },
    () => counts.lag,
  );
  metrics.histogram(
    {
      name: 'roomcast_access_wait_seconds',
      help: 'Deliveries that had to wait until a change of access was applied here.',
    },
    () => counts.gateWaits,
  );
  metrics.counter(
    {
      name: 'roomcast_hole_reads_total',
      help: 'Reads of the log because the next event of a stream came with no hint.',
    },
    () => counts.holeReads,
  );
  metrics.counter(
    {
      name: 'roomcast_page_reads_total',
      help: 'Reads of the log for clients that came back to a position before what feeds remember.',
    },
    () => counts.pageReads,
  );
  metrics.counter(
    { name: 'roomcast_resumes_total', help: 'Joins that continued after the last event the client had seen.' },
    () => counts.resumes,
  );
  metrics.counter(
    { name: 'roomcast_resyncs_total', help: 'Times that a client was told to read the state again.' },
    () => counts.resyncs,
  );
  metrics.counter(
    { name: 'roomcast_slow_cuts_total', help: 'Connections closed because the client did not keep up.' },
    () => counts.slowCuts,
  );
  metrics.counter(
    {
      name: 'roomcast_revocations_total',
      help: 'What live sessions lost because a right was taken away: a room, or the session itself.',
      labels: ['what'],
    },
    () => [
      ['room', counts.revokedRooms],
      ['session', counts.revokedSessions],
    ],
  );
}

/** What is so right now, counted at the moment of the question. */
function exposeState(metrics: Exposition, sessions: SessionRegistry, waiters: Waiters): void {
  metrics.gauge(
    {
      name: 'roomcast_connections',
      help: 'Authenticated connections, by the door they came through.',
      labels: ['door'],
    },
    () => byDoor(sessions, () => 1),
  );
  metrics.gauge(
    { name: 'roomcast_members_online', help: 'Members with at least one authenticated connection to this node.' },
    () => sessions.members,
  );
  metrics.gauge(
    {
      name: 'roomcast_memberships',
      help: 'Rooms that sessions are in, counted once for each session.',
      labels: ['door'],
    },
    () => byDoor(sessions, (session) => session.memberships.size),
  );
  metrics.gauge(
    { name: 'roomcast_waiting_polls', help: 'Requests that wait for the next event of a stream.' },
    () => [...waiters.all()].length,
  );
  metrics.gauge(
    { name: 'roomcast_open_feeds', help: 'Streams that somebody on this node listens to.' },
    () => sessions.feeds.size,
  );
  metrics.gauge(
    { name: 'roomcast_queue_bytes', help: 'Bytes that wait for clients that are still busy with earlier ones.' },
    () => [...sessions.all()].reduce((bytes, session) => bytes + session.queue.waitingBytes, 0),
  );
}

function byDoor(sessions: SessionRegistry, amount: (session: Session) => number): Map<string, number> {
  const amounts = new Map<string, number>();
  for (const session of sessions.all()) {
    const { name } = session.dialect;
    amounts.set(name, (amounts.get(name) ?? 0) + amount(session));
  }
  return amounts;
}
