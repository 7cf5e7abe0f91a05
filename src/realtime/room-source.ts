import { DiscoveryService } from '@nestjs/core';
import type { Identity } from '../auth/identity.js';
import type { DomainEvent } from '../events/domain-event.js';

/** A room as one identity may use it, right now. */
export interface OpenRoom {
  /** The stream that feeds the room; null for a room that only carries signals. */
  stream: string | null;
  /** Which of the stream's events belong to this room and may be seen by this identity; absent: all of them. */
  sees?: (event: DomainEvent) => boolean;
}

/**
 * A feature's rooms, in `<feature>.rooms.ts`. Asked on every join, on every change of access and when room tokens are
 * handed out, so it has to answer from the access policy, never from memory of an earlier answer.
 */
export interface RoomSource {
  /** Null when there is no such room or the identity may not join it: the two look alike. */
  open(params: Record<string, string>, identity: Identity): Promise<OpenRoom | null>;
}

/** Marks a provider as the source of the rooms of a pattern, e.g. `/chat-rooms/:uuid`; `:name` stands for one segment. */
export const RoomKind = DiscoveryService.createDecorator<string>();
