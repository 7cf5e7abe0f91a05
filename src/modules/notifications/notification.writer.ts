import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../common/clock.js';
import { EventLog } from '../../events/event-log.js';
import { WriteGuard } from '../../events/write-guard.js';
import { MembersService } from '../members/index.js';
import { countedOn, countNew } from './notification.counts.js';
import { Notification } from './notification.entity.js';
import { countDraft, notificationDraft } from './notification.view.js';
import { NotificationViews } from './notification.views.js';

/** What notifications may be about, by its kind and its ids; or all that belongs to one thing. */
export type Notifiables = { workspaceId: number } & (
  { type: string; ids: number[] } | { parent: { type: string; id: number } }
);

const COLUMNS = `workspace_id, member_id, actor_member_id, action, display_action, action_web_url, notification_group,
  notifiable_type, notifiable_id, notifiable_title, notifiable, parent_type, parent_id, space_id, space_title, once,
  is_new, created_at, updated_at`;

/** All in one statement, however many they are; those of a reason that the member was notified of before are left out. */
const INSERT = `
  WITH wanted AS MATERIALIZED (
    SELECT ordinality AS place, nextval(pg_get_serial_sequence('notifications', 'id')) AS id, ${COLUMNS}
    FROM json_populate_recordset(NULL::notifications, $1::json) WITH ORDINALITY AS given
    ORDER BY place
  ), written AS (
    INSERT INTO notifications (id, ${COLUMNS}) SELECT id, ${COLUMNS} FROM wanted
    ON CONFLICT ON CONSTRAINT notifications_once DO NOTHING
    RETURNING id
  )
  SELECT place, id FROM wanted JOIN written USING (id) ORDER BY place`;

const WITHDRAW = `UPDATE notifications SET deleted_at = $2, updated_at = $2, is_new = false, version = version + 1 WHERE id = ANY($1)`;

/**
 * Writes the notifications of many members at once, by hand, with the events that they are. Whose notifications change is
 * held first, always in the order of their ids: so two writers never wait for each other in a circle, and the badges that
 * the events carry are right.
 */
@Injectable()
export class NotificationWriter {
  constructor(
    private readonly members: MembersService,
    private readonly views: NotificationViews,
    private readonly log: EventLog,
    private readonly guard: WriteGuard,
    private readonly clock: Clock,
  ) {}

  /** Those that were made: not for members who are gone or banned, and for each reason (`once`) only the first time. */
  async create(manager: EntityManager, wanted: Notification[]): Promise<Notification[]> {
    const present = await this.hold(manager, wanted);
    const meant = wanted.filter(({ memberId, workspaceId }) => present.get(memberId) === workspaceId);
    if (meant.length === 0) return [];
    await this.views.fill(manager, meant);
    const badges = await countNew(manager, [...present.keys()]);
    this.guard.permit(manager, Notification);
    const made = await insert(manager, meant);
    for (const notification of made) {
      const { memberId, notificationGroup, cause } = notification;
      const badge = countedOn(badges.get(memberId)!, notificationGroup, 1);
      badges.set(memberId, badge);
      this.log.append(manager, [
        notificationDraft('created', notification),
        countDraft('updated', memberId, badge, cause),
      ]);
    }
    return made;
  }

  /** Takes back all notifications about things that are gone. The caller sees to it that no new ones are made meanwhile. */
  async withdraw(manager: EntityManager, about: Notifiables): Promise<void> {
    const concerned = await find(manager, about);
    if (concerned.length === 0) return;
    await this.members.hold([...new Set(concerned.map(({ memberId }) => memberId))], manager);
    // Once more: they may have been read or deleted in the meantime.
    const gone = await find(manager, about);
    this.guard.permit(manager, Notification);
    await manager.query(WITHDRAW, [gone.map(({ id }) => id), this.clock.now()]);
    this.log.append(
      manager,
      gone.map((notification) => notificationDraft('deleted', notification)),
    );
    const counted = new Set(gone.filter(({ isNew }) => isNew).map(({ memberId }) => memberId));
    const badges = await countNew(manager, [...counted]);
    this.log.append(
      manager,
      [...badges].map(([memberId, badge]) => countDraft('updated', memberId, badge)),
    );
  }

  /** The workspaces of the members who may take part, by member. */
  private async hold(manager: EntityManager, wanted: Notification[]): Promise<Map<number, number>> {
    const held = await this.members.hold([...new Set(wanted.map(({ memberId }) => memberId))], manager);
    const active = held.filter(({ bannedAt, deletedAt }) => bannedAt === null && deletedAt === null);
    return new Map(active.map(({ id, workspaceId }) => [id, workspaceId]));
  }
}

function find(manager: EntityManager, { workspaceId, ...about }: Notifiables): Promise<Notification[]> {
  const query = manager
    .createQueryBuilder(Notification, 'notification')
    .where('notification.workspaceId = :workspaceId', { workspaceId })
    .orderBy('notification.id');
  const found =
    'parent' in about
      ? query.andWhere('notification.parentType = :type AND notification.parentId = :id', about.parent)
      : query.andWhere('notification.notifiableType = :type AND notification.notifiableId = ANY(:ids)', about);
  return found.getMany();
}

async function insert(manager: EntityManager, notifications: Notification[]): Promise<Notification[]> {
  const rows = await manager.query<{ place: string; id: string }[]>(INSERT, [JSON.stringify(notifications.map(toRow))]);
  return rows.map(({ place, id }) => Object.assign(notifications[Number(place) - 1]!, { id: Number(id) }));
}

function toRow(notification: Notification): Record<string, unknown> {
  return {
    workspace_id: notification.workspaceId,
    member_id: notification.memberId,
    actor_member_id: notification.actorMemberId,
    action: notification.action,
    display_action: notification.displayAction,
    action_web_url: notification.actionWebUrl,
    notification_group: notification.notificationGroup,
    notifiable_type: notification.notifiableType,
    notifiable_id: notification.notifiableId,
    notifiable_title: notification.notifiableTitle,
    notifiable: notification.notifiable,
    parent_type: notification.parentType,
    parent_id: notification.parentId,
    space_id: notification.spaceId,
    space_title: notification.spaceTitle,
    once: notification.once,
    is_new: notification.isNew,
    created_at: notification.createdAt,
    updated_at: notification.updatedAt,
  };
}
