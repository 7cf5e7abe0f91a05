export { type GroupDeletionListener, OnGroupDeletion } from './group-deletion.js';
export { GroupMemberships } from './group-memberships.service.js';
export { GroupsModule } from './groups.module.js';
export { GroupsService } from './groups.service.js';
