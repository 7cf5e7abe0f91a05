import { roomListCursor, toRoomListCursor } from './room-list.cursor.js';

describe('the cursor of the list of rooms', () => {
  it('comes back as the place that it stands for', () => {
    const activeAt = new Date('2026-01-31T09:30:00.123Z');
    for (const pinnedAt of [null, new Date('2026-02-01T00:00:00.007Z')]) {
      const place = { pinnedAt, activeAt, chatRoomId: 42 };
      expect(roomListCursor.parse(toRoomListCursor(place))).toEqual(place);
    }
  });

  it.each([
    '',
    'nonsense',
    Buffer.from('1-').toString('base64url'),
    Buffer.from('1-2-3-4').toString('base64url'),
    'é',
    Buffer.from('10000000000000-1').toString('base64url'),
  ])('refuses %j', (cursor) => {
    expect(roomListCursor.safeParse(cursor).success).toBe(false);
  });
});
