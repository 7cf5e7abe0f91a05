import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentIdentity } from '../../auth/auth.decorators.js';
import type { Identity } from '../../auth/identity.js';
import { Throws } from '../../common/http/throws.js';
import { ObjectListService } from './object-list.service.js';
import { objectSchema } from './object.view.js';
import { ObjectViews } from './object.views.js';
import {
  channelPublishForbidden,
  channelRoomRequired,
  classForbidden,
  classNotFound,
  groupUnknown,
  objectForbidden,
  objectInvalid,
  objectNotFound,
  objectTooLarge,
  orderInvalid,
  queryInvalid,
  revisionMismatch,
} from './objects.errors.js';
import {
  type ChangeObject,
  changeObjectSchema,
  type CreateObject,
  createObjectSchema,
  type ListObjects,
  listObjectsSchema,
  objectPageSchema,
  type ObjectParams,
  objectParams,
} from './objects.schemas.js';
import { ObjectsService } from './objects.service.js';

/** REST for the objects of a class. */
@ApiTags('objects')
@Throws(classNotFound, classForbidden)
@Controller('api/classes/:name/objects')
export class ObjectsController {
  constructor(
    private readonly objects: ObjectsService,
    private readonly lists: ObjectListService,
    private readonly views: ObjectViews,
  ) {}

  @Post()
  @Throws(objectInvalid, objectTooLarge, groupUnknown, channelRoomRequired, channelPublishForbidden)
  @ApiCreatedResponse({ standardSchema: objectSchema })
  async create(
    @CurrentIdentity() identity: Identity,
    @Param('name') name: string,
    @Body({ schema: createObjectSchema }) body: CreateObject,
  ) {
    const { owner, owner_permissions, group, group_permissions, other_permissions, channel, channel_room, ...values } =
      body;
    const permissions = { owner, owner_permissions, group, group_permissions, other_permissions };
    const input = { ...permissions, channel, channel_room, values, strict: true };
    return this.views.one(await this.objects.create(identity, name, input));
  }

  @Get()
  @Throws(queryInvalid, orderInvalid)
  @ApiOkResponse({ standardSchema: objectPageSchema })
  async list(
    @CurrentIdentity() identity: Identity,
    @Param('name') name: string,
    @Query({ schema: listObjectsSchema }) query: ListObjects,
  ) {
    const { limit, after, order_by: sorted = 'id', include_count, query: filter } = query;
    const downwards = sorted.startsWith('-');
    const { of, objects, count } = await this.lists.select(identity, name, {
      limit,
      // The object that the page before ended with, in whichever direction.
      ...(downwards ? { before: after } : { after }),
      newestFirst: downwards,
      orderBy: downwards ? sorted.slice(1) : sorted,
      query: filter,
      count: include_count === 'true',
    });
    const records = await this.views.all(objects.slice(0, limit), of);
    return { records, has_next_page: objects.length > limit, ...(count !== null && { objects_count: count }) };
  }

  @Get(':id')
  @Throws(objectNotFound)
  @ApiOkResponse({ standardSchema: objectSchema })
  async get(@CurrentIdentity() identity: Identity, @Param({ schema: objectParams }) { name, id }: ObjectParams) {
    return this.views.one(await this.objects.get(identity, name, id));
  }

  @Patch(':id')
  @Throws(
    objectNotFound,
    objectForbidden,
    objectInvalid,
    objectTooLarge,
    groupUnknown,
    revisionMismatch,
    channelPublishForbidden,
  )
  @ApiOkResponse({ standardSchema: objectSchema })
  async change(
    @CurrentIdentity() identity: Identity,
    @Param({ schema: objectParams }) { name, id }: ObjectParams,
    @Body({ schema: changeObjectSchema }) body: ChangeObject,
  ) {
    const { owner, owner_permissions, group, group_permissions, other_permissions, expected_revision, ...values } =
      body;
    const permissions = { owner, owner_permissions, group, group_permissions, other_permissions };
    const input = { ...permissions, expected_revision, values, strict: true };
    return this.views.one(await this.objects.change(identity, name, id, input));
  }

  @Delete(':id')
  @Throws(objectNotFound, objectForbidden, channelPublishForbidden)
  @HttpCode(204)
  async delete(@CurrentIdentity() identity: Identity, @Param({ schema: objectParams }) { name, id }: ObjectParams) {
    await this.objects.delete(identity, name, id);
  }
}
