import { roomListCursor, toRoomListCursor } from './room-list.cursor.js';

describe('the cursor of the list of rooms', () => {
  it('comes back as the place that it stands for', () => {
    const place = { activeAt: new Date('2026-01-31T09:30:00.123Z'), chatRoomId: 42 };
    expect(roomListCursor.parse(toRoomListCursor(place))).toEqual(place);
  });

  it.each([
    '',
    'nonsense',
    Buffer.from('1-').toString('base64url'),
    Buffer.from('1-2-3').toString('base64url'),
    'é',
    Buffer.from('10000000000000-1').toString('base64url'),
  ])('refuses %j', (cursor) => {
    expect(roomListCursor.safeParse(cursor).success).toBe(false);
  });
});
