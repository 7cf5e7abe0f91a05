import { Injectable } from '@nestjs/common';
import { RoomNews } from '../../realtime/asyncapi/room-news.js';
import { channelMessageSchema } from '../channels/index.js';

const told = { object: channelMessageSchema };

/** What channels are told about the objects that are bound to them, in `/asyncapi.json`. */
@Injectable()
export class ObjectNews extends RoomNews {
  readonly from = 'objects';
  readonly rooms = { '/channels/:name': told, '/channels/:name/rooms/:room': told };
}
