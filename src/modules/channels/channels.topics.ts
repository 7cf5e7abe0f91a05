import { Injectable } from '@nestjs/common';
import { rowsOf } from '../../realtime/topics/topic-rows.js';
import { OfTopics, TableTopic, type TopicRooms } from '../../realtime/topics/topic-source.js';
import { channelPaths } from './channels.streams.js';

/** The channels themselves, to each member those that they may see; what is said in one is its own room's. */
@Injectable()
@OfTopics()
export class ChannelsTopic extends TableTopic {
  readonly rows = rowsOf('channels', 'channel');

  roomsFor(): TopicRooms {
    return { main: channelPaths.list };
  }
}
