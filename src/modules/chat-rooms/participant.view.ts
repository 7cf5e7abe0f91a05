import { z } from 'zod';
import type { ChatRoomParticipant } from './chat-room-participant.entity.js';

/** A participant as everybody in the room sees them. */
export const participantSchema = z
  .strictObject({
    id: z.int(),
    community_member_id: z.int(),
    user_public_uid: z.uuid(),
    name: z.string(),
    avatar_url: z.string().nullable(),
    headline: z.string().nullable(),
    bio: z.string().nullable(),
    location: z.string().nullable(),
    admin: z.boolean(),
    community_admin: z.boolean(),
    joined_at: z.iso.datetime(),
  })
  .meta({ id: 'ChatRoomParticipant' });

/** A participant as only they themselves see it. */
export const currentParticipantSchema = participantSchema
  .extend({
    muted: z.boolean(),
    archived: z.boolean(),
    can_send_message: z.boolean(),
    last_read_message_id: z.int().nullable(),
    last_read_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'CurrentChatRoomParticipant' });

export type ParticipantView = z.infer<typeof participantSchema>;
export type CurrentParticipantView = z.infer<typeof currentParticipantSchema>;

/** What follows, for one participant, from what has been said since: how far they have read, and whether the room is out of their way. */
export interface OwnState {
  last_read_message_id: number | null;
  last_read_at: string | null;
  archived: boolean;
}

/** Needs the member filled in. */
export function toParticipantView({ id, member, admin, joinedAt }: ChatRoomParticipant): ParticipantView {
  return {
    id,
    community_member_id: member.id,
    user_public_uid: member.user_public_uid,
    name: member.name,
    avatar_url: member.avatar_url,
    headline: member.headline,
    bio: member.bio,
    location: member.location,
    admin,
    community_admin: member.role === 'administrator',
    joined_at: joinedAt.toISOString(),
  };
}

export function toCurrentParticipantView(
  participant: ChatRoomParticipant,
  { last_read_message_id, last_read_at, archived }: OwnState,
): CurrentParticipantView {
  return {
    ...toParticipantView(participant),
    muted: participant.muted,
    archived,
    can_send_message: true,
    last_read_message_id,
    last_read_at,
  };
}
