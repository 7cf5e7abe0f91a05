/** The streams of this feature: each room is one. */
export const chatRoomStreams = {
  room: (uuid: string): string => `chat-rooms/${uuid}`,
};

/** The addresses of this feature: of things in events, and of the rooms that clients join. */
export const chatRoomPaths = {
  room: (uuid: string): string => `/chat-rooms/${uuid}`,
  participant: (uuid: string, memberId: number): string => `/chat-rooms/${uuid}/participants/${memberId}`,
};
