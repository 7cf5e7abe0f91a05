import { z } from 'zod';
import { idText } from '../../common/ids.js';
import { pageLimit, pageSchema } from '../../common/paging.js';
import { roomTicketsSchema, websocketsFlag } from '../../realtime/room-tokens.schemas.js';
import { SCOPES } from './place.js';
import { resourceName, STORES, VISIBILITIES } from './resource-address.js';
import { resourceSchema } from './resource.view.js';
import { storableJson } from './resource-value.js';
import { settingsSchema } from './settings-schema.js';

/** What a write sends: the whole value, or with PATCH what RFC 7396 merges into it. */
export const writeSchema = z.strictObject({ value: storableJson }).meta({ id: 'WriteResource' });

const storeParams = { scope: z.enum(SCOPES), store: z.enum(STORES) };
export const keyListParams = z.strictObject(storeParams);
export const keyParams = z.strictObject({ ...storeParams, key: resourceName });
export const collectionParams = z.strictObject({ visibility: z.enum(VISIBILITIES) });
export const liveConfigParams = z.strictObject({ config: resourceName });

/** Whose it is, where that is not the caller. */
const member = { member: idText.optional() };
export const memberQuery = z.strictObject(member);
const readQuery = { websockets: websocketsFlag };
export const memberReadQuery = z.strictObject({ ...member, ...readQuery });
export const sharedReadQuery = z.strictObject(readQuery);
const listQuery = { limit: pageLimit, after: resourceName.optional() };
export const memberListQuery = z.strictObject({ ...member, ...listQuery });
export const sharedListQuery = z.strictObject(listQuery);

/** A document with where its room's stream stood, and with `?websockets=1` the ticket for the room. */
export const resourceReplySchema = resourceSchema
  .extend({ position: z.int(), epoch: z.string(), websockets: roomTicketsSchema.optional() })
  .meta({ id: 'ResourceReply' });

export const namePageSchema = pageSchema(z.strictObject({ name: z.string(), version: z.iso.datetime() })).meta({
  id: 'ResourceNamePage',
});

export const settingsSchemaBody = z.strictObject({ schema: settingsSchema }).meta({ id: 'SetLiveConfigSchema' });

export const settingsSchemaReply = z
  .strictObject({ schema: z.record(z.string(), z.unknown()) })
  .meta({ id: 'LiveConfigSchema' });

export type WriteResource = z.infer<typeof writeSchema>;
export type KeyListParams = z.infer<typeof keyListParams>;
export type KeyParams = z.infer<typeof keyParams>;
export type CollectionParams = z.infer<typeof collectionParams>;
export type LiveConfigParams = z.infer<typeof liveConfigParams>;
export type MemberQuery = z.infer<typeof memberQuery>;
export type MemberReadQuery = z.infer<typeof memberReadQuery>;
export type SharedReadQuery = z.infer<typeof sharedReadQuery>;
export type MemberListQuery = z.infer<typeof memberListQuery>;
export type SharedListQuery = z.infer<typeof sharedListQuery>;
export type SettingsSchemaBody = z.infer<typeof settingsSchemaBody>;
