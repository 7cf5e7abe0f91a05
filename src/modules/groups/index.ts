export { type GroupDeletionListener, OnGroupDeletion } from './group-deletion.js';
export { Group } from './group.entity.js';
export { GroupMemberships } from './group-memberships.service.js';
export type { GroupThing } from './groups.access.js';
export { GroupsModule } from './groups.module.js';
export { GroupsService } from './groups.service.js';
