/** The stream of this feature: the objects of each class. What a channel is told about an object is in the channel's. */
export const objectStreams = {
  class: (classId: number): string => `classes/${classId}`,
};

/** The addresses of this feature: of things in events, and of the rooms that clients join. */
export const objectPaths = {
  class: (name: string): string => `/classes/${name}`,
  object: (name: string, id: number): string => `/classes/${name}/objects/${id}`,
};
