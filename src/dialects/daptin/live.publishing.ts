import { Injectable } from '@nestjs/common';
import type { MemberIdentity } from '../../auth/identity.js';
import { DomainError } from '../../common/domain-error.js';
import type { JsonObject } from '../../common/json.js';
import { RateLimits } from '../../limits/rate-limits.js';
import { channelPaths, ChannelPublishing, payloadObject, PUBLISH_BODY_LIMIT } from '../../modules/channels/index.js';
import { refusals } from './live.refusal.js';
import { topicIn } from './live.requests.js';
import { LiveTopics } from './live.topics.js';

/** `new-message`: a message of the channel like those of every other door. */
@Injectable()
export class LivePublishing {
  constructor(
    private readonly topics: LiveTopics,
    private readonly publishing: ChannelPublishing,
    private readonly limits: RateLimits,
  ) {}

  /** Tables are written to, not talked to. Gives the name of the topic. */
  async publish(member: MemberIdentity, attributes: JsonObject): Promise<string> {
    const topic = topicIn(attributes);
    if (typeof topic !== 'string' || topic === '') throw refusals.noTopic();
    const payload = payloadObject.safeParse(attributes.message).data;
    if (payload === undefined) throw refusals.noMessage();
    if (Buffer.byteLength(JSON.stringify(payload)) > PUBLISH_BODY_LIMIT) throw refusals.tooLarge();
    const found = await this.topics.find(member, topic);
    if (!found) throw refusals.nowhere(topic);
    if ('rows' in found) throw refusals.denied(topic);
    const { name, type } = found.channel;
    if (type === 'separate_rooms' && found.room === null) throw refusals.noTopic();
    if ((await this.limits.hit('room', `${member.workspaceId}${channelPaths.channel(name)}`)) > 0)
      throw refusals.rateLimited();
    try {
      await this.publishing.publish(member, name, { payload, room: found.room });
    } catch (error) {
      const refused = error instanceof DomainError && (error.kind === 'forbidden' || error.kind === 'not_found');
      throw refused ? refusals.denied(topic) : error;
    }
    return topic;
  }
}
