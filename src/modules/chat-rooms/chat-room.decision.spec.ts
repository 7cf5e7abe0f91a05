import type { Identity } from '../../auth/identity.js';
import type { ChatRoomParticipant } from './chat-room-participant.entity.js';
import { decideFor } from './chat-room.decision.js';
import type { ChatRoomKind } from './chat-room.entity.js';

const member = (administrator = false): Identity => ({ kind: 'member', memberId: 1, workspaceId: 1, administrator });

function participant({ kind = 'group_chat' as ChatRoomKind, admin = false, showHistory = true, after = 0 } = {}) {
  return { admin, historyAfterMessageId: after, chatRoom: { kind, showHistory } } as ChatRoomParticipant;
}

const actions = (who: Identity, place: ChatRoomParticipant): string[] => [...decideFor(who, place).actions];

describe('who may do what in a room', () => {
  const everybody = ['read', 'subscribe', 'send'];

  it('everybody in it reads and sends, those who administer it also manage and moderate', () => {
    expect(actions(member(), participant())).toEqual(everybody);
    expect(actions(member(), participant({ admin: true }))).toEqual([...everybody, 'manage', 'moderate']);
    expect(actions(member(true), participant())).toEqual([...everybody, 'manage', 'moderate']);
  });

  it('both people of a direct room manage it, neither deletes what the other wrote', () => {
    expect(actions(member(), participant({ kind: 'direct' }))).toEqual([...everybody, 'manage']);
  });

  it('without a history, messages from before one joined stay hidden, whatever happens to them later', () => {
    const { sees } = decideFor(member(), participant({ showHistory: false, after: 7 }));
    const event = (type: string, action: string, id: number) => ({
      seq: 99,
      type,
      action,
      room: null,
      resource: { [type === 'reaction' ? 'chat_room_message_id' : 'id']: id },
    });
    expect(sees?.(event('message', 'updated', 7))).toBe(false);
    expect(sees?.(event('message', 'deleted', 3))).toBe(false);
    expect(sees?.(event('message', 'created', 8))).toBe(true);
    expect(sees?.(event('chat_room', 'updated', 3))).toBe(true);
    expect(sees?.(event('reaction', 'created', 7))).toBe(false);
    expect(sees?.(event('reaction', 'deleted', 8))).toBe(true);
    expect(sees?.({ ...event('message', 'created', 8), resource: null })).toBe(false);
  });

  it('with a history, or when nothing was said before, nothing is hidden', () => {
    expect(decideFor(member(), participant({ after: 7 })).sees).toBeUndefined();
    expect(decideFor(member(), participant({ showHistory: false })).sees).toBeUndefined();
  });
});
