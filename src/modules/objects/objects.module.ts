import { Module } from '@nestjs/common';
import { DatabaseModule } from '../../database/database.module.js';
import { ChannelsModule } from '../channels/index.js';
import { GroupsModule } from '../groups/index.js';
import { ClassAccess } from './classes.access.js';
import { ClassesController } from './classes.controller.js';
import { ClassesService } from './classes.service.js';
import { ObjectCallers } from './object-callers.js';
import { ObjectChannels } from './object-channels.js';
import { ObjectClass } from './object-class.entity.js';
import { ObjectGroupListener } from './object-group.listener.js';
import { ObjectIndex } from './object-index.js';
import { ObjectListService } from './object-list.service.js';
import { ObjectReferences } from './object-references.js';
import { AddObjectVersion1763700757000 } from './object-version.migration.js';
import { ObjectWriter } from './object-writer.js';
import { ObjectSubscriber } from './object.subscriber.js';
import { ObjectViews } from './object.views.js';
import { ObjectWorkspaces } from './object.workspaces.js';
import { ObjectAccess } from './objects.access.js';
import { ObjectsController } from './objects.controller.js';
import { CreateObjects1763700610000 } from './objects.migration.js';
import { ClassRooms } from './objects.rooms.js';
import { ObjectsService } from './objects.service.js';
import { ObjectTopics } from './objects.topics.js';
import { ProfilesService } from './profiles.service.js';
import { StoredObject } from './stored-object.entity.js';
import { ObjectNews } from './objects.news.js';

/** Rows of JSON values, checked by the schema of their class, that tell a channel what happens to them. */
@Module({
  imports: [
    DatabaseModule.forFeature({
      entities: [ObjectClass, StoredObject],
      migrations: [CreateObjects1763700610000, AddObjectVersion1763700757000],
    }),
    ChannelsModule,
    GroupsModule,
  ],
  controllers: [ClassesController, ObjectsController],
  providers: [
    ClassAccess,
    ClassesService,
    ObjectAccess,
    ObjectCallers,
    ObjectChannels,
    ObjectGroupListener,
    ObjectIndex,
    ObjectListService,
    ObjectNews,
    ObjectReferences,
    ObjectSubscriber,
    ObjectViews,
    ObjectWorkspaces,
    ObjectWriter,
    ObjectsService,
    ProfilesService,
    ObjectTopics,
    ClassRooms,
  ],
  exports: [ClassAccess, ClassesService, ObjectListService, ObjectViews, ObjectsService, ProfilesService],
})
export class ObjectsModule {}
