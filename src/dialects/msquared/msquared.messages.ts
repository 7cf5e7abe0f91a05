import { z } from 'zod';
import {
  collectionAddress,
  keyAddress,
  liveConfigAddress,
  placeIn,
  type ResourceAddress,
  type ResourceContext,
  resourceName,
  type Scope,
  type Store,
} from '../../modules/resources/index.js';

export const named = z.object({ type: z.enum(['kvStore', 'collection', 'liveConfig']), id: z.string() });
export const message = z.object({ action: z.enum(['subscribe', 'unsubscribe']), resource: named });

/** What a client calls a resource. */
export type Named = z.infer<typeof named>;

export interface Message {
  action: 'subscribe' | 'unsubscribe';
  resource: Named;
  target: Target;
}

/** What a resource's name means, for whoever is there. */
export interface Target {
  /** Whether it is in a project, which the client then has to name. */
  inProject: boolean;
  addressFor(context: ResourceContext, memberId: number): ResourceAddress;
}

const SCOPES: Record<string, Scope> = {
  Organization: 'organization',
  Project: 'project',
  LaunchContext: 'launch_context',
  World: 'world',
};
const STORES: Record<string, Store> = { kvstoreClient: 'client', kvstoreServer: 'server' };

/** The message of a client frame; null when it is none, or what it names cannot be a resource. */
export function readMessage(sent: unknown): Message | null {
  const { data } = message.safeParse(sent);
  const target = data && targetOf(data.resource);
  return target ? { ...data, target } : null;
}

/** What the client wants to find again in the answer. */
export function requestIdOf(sent: unknown): string | null {
  const { data } = z.object({ requestId: z.string() }).safeParse(sent);
  return data?.requestId ?? null;
}

function targetOf({ type, id }: Named): Target | null {
  switch (type) {
    case 'kvStore':
      return keyTarget(id);
    case 'collection':
      return collectionTarget(id);
    case 'liveConfig':
      return resourceName.safeParse(id).success
        ? { inProject: true, addressFor: (context) => liveConfigAddress(placeIn(context, 'project'), id) }
        : null;
  }
}

/** `World:kvstoreClient:key`; the key may have colons of its own. */
function keyTarget(id: string): Target | null {
  const [, scopeName = '', storeName = '', key = ''] = /^([^:]*):([^:]*):(.*)$/s.exec(id) ?? [];
  const scope = Object.hasOwn(SCOPES, scopeName) ? SCOPES[scopeName] : undefined;
  const store = Object.hasOwn(STORES, storeName) ? STORES[storeName] : undefined;
  if (!scope || !store || !resourceName.safeParse(key).success) return null;
  return {
    inProject: scope !== 'organization',
    addressFor: (context, memberId) => keyAddress(placeIn(context, scope), memberId, store, key),
  };
}

function collectionTarget(id: string): Target | null {
  if (id !== 'public' && id !== 'private') return null;
  return {
    inProject: false,
    addressFor: (context, memberId) =>
      collectionAddress(placeIn(context, 'project'), id === 'public' ? null : memberId),
  };
}
