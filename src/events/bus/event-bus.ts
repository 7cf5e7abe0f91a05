import type { EventBatch } from '../domain-event.js';
import type { JsonValue } from '../../common/json.js';
import { Spread, Tally } from '../../common/tally.js';

/** "This stream has events `from` to `to`": with the events themselves when they are small enough to travel along. */
export interface StreamHint {
  stream: string;
  from: number;
  to: number;
  events: EventBatch['events'] | null;
}

/** Something worth telling only to those who listen right now, such as typing. Never logged, first to be dropped. */
export interface Signal {
  stream: string | null;
  room: string;
  workspaceId: number;
  data: JsonValue;
}

export interface BusListener {
  hints(hints: StreamHint[]): void;
  signals(signals: Signal[]): void;
  /** Messages of other nodes may have been missed: compare with the log. */
  gap(): void;
}

/** Hears what nodes tell each other about themselves. A node's own words come back to it, in their place among the rest. */
export interface PeerListener {
  heard(words: unknown): void;
  /** Words of others may have been missed. */
  gap(): void;
}

/**
 * Tells every node, this one included, that streams have grown. A hint only: losing, doubling or reordering one is
 * harmless, because the hub compares numbers and reads the log. Publishing never throws and never waits.
 */
export abstract class EventBus {
  /** What this node committed, by action, and how much of it with one commit. */
  readonly committed = new Tally();
  readonly commitSizes = new Spread([1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000]);
  /** Hints that went to other nodes and that came from them. */
  hintsSent = 0;
  hintsReceived = 0;
  private listener: BusListener | undefined;
  private peers: PeerListener | undefined;

  listen(listener: BusListener): void {
    this.listener = listener;
  }

  listenToPeers(listener: PeerListener): void {
    this.peers = listener;
  }

  publish(batches: EventBatch[]): void {
    this.count(batches);
    const hints = batches.map(({ stream, events }) => ({
      stream,
      from: events[0]!.seq,
      to: events.at(-1)!.seq,
      events,
    }));
    this.listener?.hints(hints);
    this.publishToOthers(hints);
  }

  signal(signal: Signal): void {
    this.listener?.signals([signal]);
    this.signalOthers(signal);
  }

  /** Tells all nodes something about this one. What a node tells arrives in that order, or not at all. */
  abstract tellPeers(words: object): void;

  private count(batches: EventBatch[]): void {
    let size = 0;
    for (const { events } of batches) {
      size += events.length;
      for (const event of events) this.committed.add(event.action);
    }
    this.commitSizes.add(size);
  }

  protected received(): BusListener | undefined {
    return this.listener;
  }

  protected receivedFromPeers(): PeerListener | undefined {
    return this.peers;
  }

  protected abstract publishToOthers(hints: StreamHint[]): void;
  protected abstract signalOthers(signal: Signal): void;
}
