import { Injectable } from '@nestjs/common';
import { RoomNews } from '../../realtime/asyncapi/room-news.js';
import { topicNews } from '../../realtime/topics/topic-message.js';
import { channelMessageSchema } from '../channels/index.js';
import { objectSchema } from './object.view.js';

const told = { object: channelMessageSchema };
/** Not everybody who may read an object knows its channel. */
const object = objectSchema.omit({ channel: true, channel_room: true }).meta({ id: 'ToldObject' });

/** What is told about objects, in the room of their class and in the channels that they are bound to, in `/asyncapi.json`. */
@Injectable()
export class ObjectNews extends RoomNews {
  readonly from = 'objects';
  readonly rooms = {
    '/channels/:name': told,
    '/channels/:name/rooms/:room': told,
    '/classes/:name': { object, ...topicNews },
  };
}
