import { z } from 'zod';
import { pageSchema } from '../../common/paging.js';
import type { ApiKey } from './api-key.entity.js';

export const apiKeySchema = z
  .strictObject({
    id: z.int(),
    description: z.string(),
    ignore_acl: z.boolean(),
    allow_user_create: z.boolean(),
    allow_group_create: z.boolean(),
    allow_anonymous_read: z.boolean(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'ApiKey' });

export type ApiKeyView = z.infer<typeof apiKeySchema>;

/** The reply to the creation, and the only one that ever carries the key. */
export const newApiKeySchema = apiKeySchema.extend({ api_key: z.string() }).meta({ id: 'NewApiKey' });

export const apiKeyPageSchema = pageSchema(apiKeySchema).meta({ id: 'ApiKeyPage' });

/** What is told about a key: never the key, never its hash. */
export function toApiKeyView(key: ApiKey): ApiKeyView {
  return {
    id: key.id,
    description: key.description,
    ignore_acl: key.ignoreAcl,
    allow_user_create: key.allowUserCreate,
    allow_group_create: key.allowGroupCreate,
    allow_anonymous_read: key.allowAnonymousRead,
    created_at: key.createdAt.toISOString(),
  };
}
