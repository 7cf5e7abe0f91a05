import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentIdentity } from '../../auth/auth.decorators.js';
import type { Identity } from '../../auth/identity.js';
import { Throws } from '../../common/http/throws.js';
import { type IdParams, idParams } from '../../common/ids.js';
import { ticketErrors } from '../../realtime/room.errors.js';
import { InboxTickets, membersOnly } from '../members/index.js';
import { NotificationListService } from './notification-list.service.js';
import { NotificationMarks } from './notification-marks.service.js';
import { notificationCountSchema, notificationSchema } from './notification.view.js';
import { notificationNotFound } from './notifications.errors.js';
import {
  type ListNotifications,
  type MarkAllAsRead,
  markAllAsReadSchema,
  notificationPageSchema,
  notificationsQuery,
} from './notifications.schemas.js';
import { NotificationsService } from './notifications.service.js';

/** REST for what the calling member should see. */
@ApiTags('notifications')
@Throws(membersOnly)
@Controller('api/notifications')
export class NotificationsController {
  constructor(
    private readonly notifications: NotificationsService,
    private readonly lists: NotificationListService,
    private readonly marks: NotificationMarks,
    private readonly inbox: InboxTickets,
  ) {}

  @Get()
  @Throws(...ticketErrors)
  @ApiOkResponse({ standardSchema: notificationPageSchema })
  async list(@CurrentIdentity() identity: Identity, @Query({ schema: notificationsQuery }) query: ListNotifications) {
    const page = await this.lists.page(identity, query);
    return { ...page, ...(await this.inbox.forReply(identity, query.websockets)) };
  }

  @Get('new_notifications_count')
  @ApiOkResponse({ standardSchema: notificationCountSchema })
  count(@CurrentIdentity() identity: Identity) {
    return this.notifications.count(identity);
  }

  @Post('reset_new_notifications_count')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: notificationCountSchema })
  reset(@CurrentIdentity() identity: Identity) {
    return this.marks.reset(identity);
  }

  @Post('mark_all_as_read')
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: notificationCountSchema })
  markAllAsRead(@CurrentIdentity() identity: Identity, @Body({ schema: markAllAsReadSchema }) filter: MarkAllAsRead) {
    return this.marks.markAllAsRead(identity, filter);
  }

  @Get(':id')
  @Throws(notificationNotFound)
  @ApiOkResponse({ standardSchema: notificationSchema })
  get(@CurrentIdentity() identity: Identity, @Param({ schema: idParams }) { id }: IdParams) {
    return this.notifications.get(identity, id);
  }

  @Post(':id/mark_as_read')
  @Throws(notificationNotFound)
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: notificationSchema })
  markAsRead(@CurrentIdentity() identity: Identity, @Param({ schema: idParams }) { id }: IdParams) {
    return this.notifications.markAsRead(identity, id);
  }

  @Post(':id/archive')
  @Throws(notificationNotFound)
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: notificationSchema })
  archive(@CurrentIdentity() identity: Identity, @Param({ schema: idParams }) { id }: IdParams) {
    return this.notifications.archive(identity, id);
  }

  @Delete(':id')
  @Throws(notificationNotFound)
  @HttpCode(204)
  remove(@CurrentIdentity() identity: Identity, @Param({ schema: idParams }) { id }: IdParams) {
    return this.notifications.remove(identity, id);
  }
}
