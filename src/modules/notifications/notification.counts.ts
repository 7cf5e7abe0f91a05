import type { EntityManager } from 'typeorm';
import type { NotificationCount } from './notification.view.js';

interface CountRow {
  member_id: string;
  new: string;
  mentions: string;
  inbox: string;
}

const COUNT = `
  SELECT member_id, count(*) AS new,
         count(*) FILTER (WHERE notification_group = 'mentions') AS mentions,
         count(*) FILTER (WHERE notification_group = 'inbox') AS inbox
  FROM notifications WHERE member_id = ANY($1) AND is_new GROUP BY member_id`;

/** The badge of each of these members, by member: counted, never stored, because a stored counter drifts. */
export async function countNew(manager: EntityManager, memberIds: number[]): Promise<Map<number, NotificationCount>> {
  const rows = await manager.query<CountRow[]>(COUNT, [memberIds]);
  const counts = new Map(memberIds.map((id) => [id, NOTHING_NEW]));
  for (const row of rows) {
    counts.set(Number(row.member_id), {
      new_notifications_count: Number(row.new),
      new_mentions_count: Number(row.mentions),
      new_inbox_count: Number(row.inbox),
    });
  }
  return counts;
}

export const NOTHING_NEW: NotificationCount = {
  new_notifications_count: 0,
  new_mentions_count: 0,
  new_inbox_count: 0,
};

/** The badge after one more (`by` 1) or one less (`by` -1) of this group. */
export function countedOn(count: NotificationCount, group: string, by: 1 | -1): NotificationCount {
  return {
    new_notifications_count: count.new_notifications_count + by,
    new_mentions_count: count.new_mentions_count + (group === 'mentions' ? by : 0),
    new_inbox_count: count.new_inbox_count + (group === 'inbox' ? by : 0),
  };
}
