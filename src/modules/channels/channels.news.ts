import { Injectable } from '@nestjs/common';
import { RoomNews } from '../../realtime/asyncapi/room-news.js';
import { channelMessageSchema } from './channel-messages.schemas.js';
import { channelSchema } from './channel.view.js';

const told = { channel: channelSchema, message: channelMessageSchema };

/** What is told about channels and in them, in `/asyncapi.json`. */
@Injectable()
export class ChannelNews extends RoomNews {
  readonly from = 'channels and what is published to them';
  readonly rooms = {
    '/channels': { channel: channelSchema },
    '/channels/:name': told,
    '/channels/:name/rooms/:room': told,
  };
}
