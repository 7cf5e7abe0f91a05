/** The streams of this feature: all channels of a workspace, and each channel's own. */
export const channelStreams = {
  list: (workspaceId: number): string => `workspaces/${workspaceId}/channels`,
  channel: (channelId: number): string => `channels/${channelId}`,
};

/** The addresses of this feature: of things in events, and of the rooms that clients join. */
export const channelPaths = {
  list: '/channels',
  channel: (name: string): string => `/channels/${encodeURIComponent(name)}`,
  room: (name: string, room: string): string => `${channelPaths.channel(name)}/rooms/${encodeURIComponent(room)}`,
};
