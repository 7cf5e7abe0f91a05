import { addressHash, type ResourceAddress } from './resource-address.js';

/** The streams of documents: each has one, before it exists and after it is gone, and those of one reader have one together. */
export const resourceStreams = {
  document: (workspaceId: number, address: ResourceAddress): string => `resources/${addressHash(workspaceId, address)}`,
  /** With a member: all that are theirs alone. Without: all that every member of the workspace may read. */
  list: (workspaceId: number, memberId: number | null): string =>
    memberId === null ? `workspaces/${workspaceId}/resources` : `members/${memberId}/resources`,
};

/** The rooms of the lists, as patterns; those of documents are named by their addresses. */
export const resourceListRooms = { shared: '/resources', own: '/resources/members/:id' };

export const ownResourcesRoom = (memberId: number): string => `/resources/members/${memberId}`;
