import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AdministratorOnly, CurrentIdentity } from '../../auth/auth.decorators.js';
import type { Identity } from '../../auth/identity.js';
import { Throws } from '../../common/http/throws.js';
import { type IdPage, toPage } from '../../common/paging.js';
import { classSchema, toClassView } from './class.view.js';
import { ClassesService } from './classes.service.js';
import type { ObjectClass } from './object-class.entity.js';
import {
  classForbidden,
  classNameTaken,
  classNotFound,
  groupUnknown,
  revisionMismatch,
  schemaInvalid,
  systemClass,
} from './objects.errors.js';
import {
  type ChangeClass,
  changeClassSchema,
  classPageSchema,
  type CreateClass,
  createClassSchema,
  listClassesSchema,
} from './objects.schemas.js';

/** REST for the classes of the caller's workspace. */
@ApiTags('objects')
@Throws(classNotFound, classForbidden)
@Controller('api/classes')
export class ClassesController {
  constructor(private readonly classes: ClassesService) {}

  @Post()
  @Throws(classNameTaken, schemaInvalid, groupUnknown)
  @AdministratorOnly()
  @ApiCreatedResponse({ standardSchema: classSchema })
  async create(@CurrentIdentity() identity: Identity, @Body({ schema: createClassSchema }) body: CreateClass) {
    const { name, ...wanted } = body;
    return toClassView(await this.classes.create(identity, name, wanted), 0);
  }

  @Get()
  @ApiOkResponse({ standardSchema: classPageSchema })
  async list(@CurrentIdentity() identity: Identity, @Query({ schema: listClassesSchema }) page: IdPage) {
    const found = await this.classes.list(identity, page);
    const sizes = await this.classes.sizes(found.map(({ id }) => id));
    return toPage(found, page.limit, (of) => toClassView(of, sizes.get(of.id) ?? 0));
  }

  @Get(':name')
  @ApiOkResponse({ standardSchema: classSchema })
  async get(@CurrentIdentity() identity: Identity, @Param('name') name: string) {
    return this.view(await this.classes.get(identity, name));
  }

  @Patch(':name')
  @Throws(schemaInvalid, groupUnknown, revisionMismatch)
  @AdministratorOnly()
  @ApiOkResponse({ standardSchema: classSchema })
  async change(
    @CurrentIdentity() identity: Identity,
    @Param('name') name: string,
    @Body({ schema: changeClassSchema }) body: ChangeClass,
  ) {
    return this.view(await this.classes.change(identity, name, body));
  }

  @Delete(':name')
  @Throws(systemClass)
  @AdministratorOnly()
  @HttpCode(204)
  async delete(@CurrentIdentity() identity: Identity, @Param('name') name: string): Promise<void> {
    await this.classes.delete(identity, name);
  }

  private async view(of: ObjectClass) {
    return toClassView(of, (await this.classes.sizes([of.id])).get(of.id) ?? 0);
  }
}
