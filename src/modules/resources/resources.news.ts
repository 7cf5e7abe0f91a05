import { Injectable } from '@nestjs/common';
import { RoomNews } from '../../realtime/asyncapi/room-news.js';
import { resourceRooms } from './resource-address.js';
import { resourceSchema } from './resource.view.js';
import { resourceListRooms } from './resources.streams.js';

const ROOMS = [...Object.values(resourceRooms), ...Object.values(resourceListRooms)];

/** What rooms are told about documents, in `/asyncapi.json`. */
@Injectable()
export class ResourceNews extends RoomNews {
  readonly from = 'resources';
  readonly rooms = Object.fromEntries(ROOMS.map((room) => [room, { resource: resourceSchema }]));
}
