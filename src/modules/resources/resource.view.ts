import { z } from 'zod';
import type { JsonObject } from '../../common/json.js';
import { SCOPES } from './place.js';
import { RESOURCE_KINDS, STORES } from './resource-address.js';
import { type Resource, versionOf } from './resource.entity.js';

/** A document, as replies and events show it. Of one that is gone the value is null. */
export const resourceSchema = z
  .strictObject({
    kind: z.enum(RESOURCE_KINDS),
    scope: z.enum(SCOPES),
    organization: z.string().nullable(),
    project: z.string().nullable(),
    world: z.string().nullable(),
    launch_context: z.string().nullable(),
    member_id: z.int().nullable(),
    store: z.enum(STORES).nullable(),
    name: z.string(),
    value: z.unknown(),
    version: z.iso.datetime(),
  })
  .meta({ id: 'Resource' });

export function toResourceView(resource: Resource): JsonObject {
  return {
    kind: resource.kind,
    scope: resource.scope,
    organization: resource.organization,
    project: resource.project,
    world: resource.world,
    launch_context: resource.launchContext,
    member_id: resource.memberId,
    store: resource.store,
    name: resource.name,
    value: resource.content?.value ?? null,
    version: versionOf(resource),
  };
}
