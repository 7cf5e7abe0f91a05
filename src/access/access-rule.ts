import { DiscoveryService } from '@nestjs/core';
import type { Identity } from '../auth/identity.js';
import type { JsonObject } from '../common/json.js';

/** What a rule is asked about: plain values that name one thing, e.g. `{ kind: 'chat_room', uuid }`. */
export interface Thing {
  readonly kind: string;
}

/** What a rule may look at to say whether an identity sees an event: numbers and the public view, nothing hidden. */
export interface VisibleEvent {
  seq: number;
  action: string;
  type: string;
  room: string | null;
  resource: JsonObject | null;
}

/** What an identity may do with a thing, as one answer for REST, joins, replay, polls and delivery. */
export interface Decision {
  actions: ReadonlySet<string>;
  /** Which events of the thing's stream they may see; absent: all of them. */
  sees?: (event: VisibleEvent) => boolean;
}

/** A feature's rule about its own things, in `<feature>.access.ts`. */
export interface AccessRule<T extends Thing = Thing> {
  /** Null when the thing does not exist or the identity may know nothing of it: the two look alike. */
  decide(identity: Identity, thing: T): Promise<Decision | null>;
}

/** Marks a provider as the rule for things of this kind. */
export const AccessRuleFor = DiscoveryService.createDecorator<string>();
