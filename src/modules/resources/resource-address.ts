import { createHash } from 'node:crypto';
import { z } from 'zod';
import { idText } from '../../common/ids.js';
import { text } from '../../common/text.js';
import { type Place, placeText, readPlace, SCOPES } from './place.js';

/** The three kinds of documents: a member's keys, sets of objects, and settings that an operator turns. */
export const RESOURCE_KINDS = ['kv', 'collection', 'live_config'] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number];

/** The two stores of a member: the one that they write, and the one that programs write for them. */
export const STORES = ['client', 'server'] as const;
export type Store = (typeof STORES)[number];

/** What makes one document this one and no other; with the workspace, which is the caller's. */
export interface ResourceAddress extends Place {
  kind: ResourceKind;
  /** Whose it is; null for what everybody may read. */
  memberId: number | null;
  /** Of a key; null for the other kinds. */
  store: Store | null;
  /** The key, the name of the configuration, or `public` and `private`. */
  name: string;
}

export const VISIBILITIES = ['public', 'private'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

const MAX_NAME_LENGTH = 256;

/** A key, or the name of a configuration. Characters are counted, not UTF-16 units. */
export const resourceName = text(1, 2 * MAX_NAME_LENGTH).refine(
  (name) => [...name].length <= MAX_NAME_LENGTH,
  `must have at most ${MAX_NAME_LENGTH} characters`,
);

export function keyAddress(place: Place, memberId: number, store: Store, name: string): ResourceAddress {
  return { ...place, kind: 'kv', memberId, store, name };
}

/** Without a member it is that of everybody. */
export function collectionAddress(place: Place, memberId: number | null): ResourceAddress {
  return { ...place, kind: 'collection', memberId, store: null, name: memberId === null ? 'public' : 'private' };
}

export function liveConfigAddress(place: Place, name: string): ResourceAddress {
  return { ...place, kind: 'live_config', memberId: null, store: null, name };
}

/** Where the document lives; also the name of its room. */
export function resourcePath({ kind, memberId, store, name, ...place }: ResourceAddress): string {
  const where = placeText(place);
  switch (kind) {
    case 'kv':
      return `/resources/kv/${place.scope}/${where}/${memberId}/${store}/${toSegment(name)}`;
    case 'collection':
      return `/resources/collections/${where}/${memberId === null ? 'public' : `private/${memberId}`}`;
    case 'live_config':
      return `/resources/live-config/${where}/${toSegment(name)}`;
  }
}

/** The rooms of documents, as patterns. */
export const resourceRooms = {
  key: '/resources/kv/:scope/:place/:member/:store/:name',
  publicCollection: '/resources/collections/:place/public',
  privateCollection: '/resources/collections/:place/private/:member',
  liveConfig: '/resources/live-config/:place/:name',
};

const segment = z
  .string()
  .transform((text, context) => {
    try {
      return decodeURIComponent(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'is no segment of an address' });
      return z.NEVER;
    }
  })
  .pipe(resourceName);

const keyRoom = z.object({
  scope: z.enum(SCOPES),
  place: z.string(),
  member: idText,
  store: z.enum(STORES),
  name: segment,
});
const collectionRoom = z.object({ place: z.string(), member: idText.optional() });
const liveConfigRoom = z.object({ place: z.string(), name: segment });

/** The address behind the parameters of a room's name; null when there can be no such document. */
export const addressOfRoom = {
  key: (params: unknown): ResourceAddress | null => {
    const { data } = keyRoom.safeParse(params);
    const place = data && readPlace(data.scope, data.place);
    return place ? keyAddress(place, data.member, data.store, data.name) : null;
  },
  collection: (params: unknown): ResourceAddress | null => {
    const { data } = collectionRoom.safeParse(params);
    const place = data && readPlace('project', data.place);
    return place ? collectionAddress(place, data.member ?? null) : null;
  },
  liveConfig: (params: unknown): ResourceAddress | null => {
    const { data } = liveConfigRoom.safeParse(params);
    const place = data && readPlace('project', data.place);
    return place ? liveConfigAddress(place, data.name) : null;
  },
};

/** Any text as one segment of an address: only what would end or break the segment is written otherwise. */
function toSegment(name: string): string {
  return name.replace(/[%/,]/g, encodeURIComponent);
}

/** A name of fixed length, known before there is a document. */
export function addressHash(workspaceId: number, address: ResourceAddress): string {
  return createHash('sha256')
    .update(`${workspaceId} ${resourcePath(address)}`)
    .digest('base64url');
}
