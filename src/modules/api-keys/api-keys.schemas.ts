import { z } from 'zod';
import { trimmedText } from '../../common/text.js';

export const createApiKeySchema = z
  .strictObject({
    description: trimmedText(0, 500).default(''),
    ignore_acl: z.boolean().default(false),
    allow_user_create: z.boolean().default(false),
    allow_group_create: z.boolean().default(false),
    allow_anonymous_read: z.boolean().default(false),
  })
  .meta({ id: 'CreateApiKey' });

export type CreateApiKey = z.infer<typeof createApiKeySchema>;
