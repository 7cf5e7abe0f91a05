/** A request that is answered with an error frame, in the words of the protocol. */
export class LiveRefusal extends Error {}

export const refusals = {
  noTopic: () => new LiveRefusal('missing or invalid topicName'),
  noName: () => new LiveRefusal('missing or invalid name'),
  badName: () => new LiveRefusal('invalid topic name'),
  noMessage: () => new LiveRefusal('missing or invalid message'),
  tooLarge: () => new LiveRefusal('message too large'),
  badFilters: () => new LiveRefusal('invalid filters'),
  badPosition: () => new LiveRefusal('invalid position'),
  reserved: () => new LiveRefusal('cannot create topic with reserved name'),
  exists: () => new LiveRefusal('topic already exists'),
  system: () => new LiveRefusal('cannot delete system topic'),
  unknown: (topic?: string) => new LiveRefusal(withTopic('topic not found', topic)),
  nowhere: (topic: string) => new LiveRefusal(withTopic('topic does not exist', topic)),
  denied: (topic?: string) => new LiveRefusal(withTopic('permission denied', topic)),
  rateLimited: () => new LiveRefusal('rate limited'),
  noMethod: () => new LiveRefusal('no such method'),
};

function withTopic(text: string, topic: string | undefined): string {
  return topic === undefined ? text : `${text}: ${topic}`;
}
