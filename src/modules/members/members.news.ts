import { Injectable } from '@nestjs/common';
import { RoomNews } from '../../realtime/asyncapi/room-news.js';
import { memberSchema } from './member.view.js';

/** What is told about members, to all of them and to themselves, in `/asyncapi.json`. */
@Injectable()
export class MemberNews extends RoomNews {
  readonly from = 'members';
  readonly rooms = { '/members': { member: memberSchema }, '/members/:id': { member: memberSchema } };
}
