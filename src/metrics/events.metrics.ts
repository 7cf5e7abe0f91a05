import type { EventBus } from '../events/bus/event-bus.js';
import type { Exposition } from './exposition.js';

export function exposeEvents(metrics: Exposition, bus: EventBus): void {
  metrics.counter(
    { name: 'roomcast_events_total', help: 'Events that this node committed to the log.', labels: ['action'] },
    () => bus.committed.entries(),
  );
  metrics.histogram({ name: 'roomcast_commit_events', help: 'Events written with one commit.' }, () => bus.commitSizes);
  metrics.counter(
    { name: 'roomcast_bus_hints_sent_total', help: 'News of streams sent to other nodes through Redis.' },
    () => bus.hintsSent,
  );
  metrics.counter(
    { name: 'roomcast_bus_hints_received_total', help: 'News of streams received from other nodes through Redis.' },
    () => bus.hintsReceived,
  );
}
