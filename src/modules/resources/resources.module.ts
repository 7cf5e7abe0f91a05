import { Module } from '@nestjs/common';
import { DatabaseModule } from '../../database/database.module.js';
import { WorkspacesModule } from '../workspaces/index.js';
import { CollectionsController } from './collections.controller.js';
import { KvController } from './kv.controller.js';
import { LiveConfigSchema } from './live-config-schema.entity.js';
import { LiveConfigSchemas } from './live-config-schemas.service.js';
import { LiveConfigController } from './live-config.controller.js';
import { ResourceOrganizations } from './resource-organizations.js';
import { ResourceRequests } from './resource-requests.js';
import { ResourceWriting } from './resource-writing.js';
import { Resource } from './resource.entity.js';
import { AddResourceVersion1763700766000 } from './resource-version.migration.js';
import { ResourceSubscriber } from './resource.subscriber.js';
import { ResourceAccess } from './resources.access.js';
import { CreateResources1763700620000 } from './resources.migration.js';
import { ResourceNews } from './resources.news.js';
import { RESOURCE_ROOMS } from './resources.rooms.js';
import { ResourcesService } from './resources.service.js';
import { ResourcesTopic } from './resources.topics.js';

/** Documents: JSON with a version and an owner, which clients follow one by one. */
@Module({
  imports: [
    DatabaseModule.forFeature({
      entities: [LiveConfigSchema, Resource],
      migrations: [CreateResources1763700620000, AddResourceVersion1763700766000],
    }),
    WorkspacesModule,
  ],
  controllers: [CollectionsController, KvController, LiveConfigController],
  providers: [
    LiveConfigSchemas,
    ResourceAccess,
    ResourceNews,
    ResourceOrganizations,
    ResourceRequests,
    ResourceSubscriber,
    ResourceWriting,
    ResourcesService,
    ResourcesTopic,
    ...RESOURCE_ROOMS,
  ],
  exports: [ResourceOrganizations, ResourcesService],
})
export class ResourcesModule {}
