import type { DomainEvent } from '../../events/domain-event.js';
import { type Channel, channelPaths } from '../../modules/channels/index.js';
import type { GroupedRoom, RoomPlan } from '../../realtime/room-group.js';
import type { Topic } from '../../realtime/topics/topic-source.js';
import type { LiveFilters } from './live.filters.js';
import { RowBook } from './live.rows.js';
import { type Called, MessageWords, RowWords, type TopicWords } from './live.words.js';

/** A topic by its name: the rows of a table, or what is published to a channel, or to one room of it. */
export type FoundTopic = { rows: Topic } | { channel: Channel; room: string | null };

/** The rooms that one subscription consists of. */
export function planOf(found: FoundTopic, called: Called, filters: LiveFilters): RoomPlan<GroupedRoom> {
  if ('rows' in found) return rowPlan(found.rows, called, filters);
  const { name } = found.channel;
  const room = found.room === null ? channelPaths.channel(name) : channelPaths.room(name, found.room);
  return { main: grouped(room, new MessageWords(called), filters) };
}

function rowPlan(
  { rows, main, others, opensWith }: Topic,
  called: Called,
  filters: LiveFilters,
): RoomPlan<GroupedRoom> {
  const book = RowBook.of(rows, called.topic);
  const words = new RowWords(called, book, true);
  const partWords = new RowWords(called, book, false);
  const part = (room: string): GroupedRoom => grouped(room, partWords, filters);
  return {
    main: grouped(main, words, filters),
    ...(others && { others: async () => (await others()).map(part) }),
    ...(opensWith && {
      opensWith: async (event: DomainEvent) => {
        const opened = await opensWith(event);
        return opened && { room: part(opened.room), after: opened.after };
      },
    }),
  };
}

function grouped(room: string, words: TopicWords, filters: LiveFilters): GroupedRoom {
  if (filters.empty) return { room, name: room, words };
  const wants = (event: DomainEvent): boolean => {
    const said = words.said(event);
    return said !== null && filters.match(said);
  };
  return { room, name: room, words, wants };
}
