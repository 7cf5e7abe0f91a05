import { Injectable } from '@nestjs/common';
import { RoomNews } from '../../realtime/asyncapi/room-news.js';
import { groupMemberSchema } from './group.view.js';

/** What members are told about their groups, in `/asyncapi.json`. */
@Injectable()
export class GroupNews extends RoomNews {
  readonly from = 'groups';
  readonly rooms = { '/members/:id': { group_member: groupMemberSchema } };
}
