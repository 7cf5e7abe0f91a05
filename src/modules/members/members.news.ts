import { Injectable } from '@nestjs/common';
import { RoomNews } from '../../realtime/asyncapi/room-news.js';
import { memberSchema } from './member.view.js';

/** What members are told about themselves, in `/asyncapi.json`. */
@Injectable()
export class MemberNews extends RoomNews {
  readonly from = 'the member';
  readonly rooms = { '/members/:id': { member: memberSchema } };
}
