import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import { AdministratorOnly, CurrentIdentity } from '../../auth/auth.decorators.js';
import type { Identity } from '../../auth/identity.js';
import { Throws } from '../../common/http/throws.js';
import { type IdParams, idParams } from '../../common/ids.js';
import { memberNotFound } from '../members/index.js';
import { MemberNotifications } from './member-notifications.service.js';
import { notificationSchema } from './notification.view.js';
import { actorUnknown } from './notifications.errors.js';
import { type CreateNotification, createNotificationSchema } from './notifications.schemas.js';

/** REST for administrators who notify a member; product code uses `Notifications` inside its own transaction. */
@ApiTags('notifications')
@AdministratorOnly()
@Throws(memberNotFound, actorUnknown)
@Controller('api/members/:id/notifications')
export class MemberNotificationsController {
  constructor(private readonly notifications: MemberNotifications) {}

  @Post()
  @ApiCreatedResponse({ standardSchema: notificationSchema })
  create(
    @CurrentIdentity() { workspaceId }: Identity,
    @Param({ schema: idParams }) { id }: IdParams,
    @Body({ schema: createNotificationSchema }) body: CreateNotification,
  ) {
    return this.notifications.create(workspaceId, id, body);
  }
}
