import { Body, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import type { JsonObject } from '../../../common/json.js';
import {
  type ObjectClass,
  ObjectListService,
  type ObjectOfClass,
  ObjectsService,
  ObjectViews,
  type StoredObject,
} from '../../../modules/objects/index.js';
import { type Caller, CurrentCaller } from '../callers.js';
import { requireWriter } from '../sight.js';
import { InstanceController } from '../syncano.controllers.js';
import { parentMissing } from '../wire/errors.js';
import { idIn } from '../wire/ids.js';
import { paths } from '../wire/links.js';
import { pageOf, type Query as WireQuery, type WireList } from '../wire/lists.js';
import { ClassSight } from './class-sight.js';
import { objectForm, objectsQuery } from './object.form.js';
import { objectShape } from './object.shape.js';

/** The Data Objects of a class. */
@InstanceController('/classes/:class/objects')
export class ObjectsController {
  constructor(
    private readonly objects: ObjectsService,
    private readonly lists: ObjectListService,
    private readonly views: ObjectViews,
    private readonly sight: ClassSight,
  ) {}

  @Post()
  create(@CurrentCaller() caller: Caller, @Param('class') name: string, @Body() body: unknown): Promise<JsonObject> {
    return this.write(caller, name, () => this.objects.create(caller.identity, name, objectForm(body)));
  }

  @Get()
  async list(
    @CurrentCaller() caller: Caller,
    @Param('class') name: string,
    @Query() query: WireQuery,
  ): Promise<WireList & { objects_count?: number }> {
    const { instance, identity } = caller;
    const { page, orderBy, query: filter, count } = objectsQuery(query);
    let of: ObjectClass | undefined;
    let size: number | null = null;
    const fetch = async (stretch: object & { limit: number }): Promise<StoredObject[]> => {
      const found = await this.lists.select(identity, name, { ...stretch, orderBy, query: filter, count });
      [of, size] = [found.of, found.count];
      return found.objects;
    };
    const { next, prev, rows } = await this.within(caller, name, async () => {
      // A page of nothing still says who may not see it.
      if (page.size === 0) await fetch({ limit: 0 });
      return pageOf({
        path: paths.objects(instance.name, name.toLowerCase()),
        query,
        page,
        fetch,
        idOf: ({ id }: StoredObject) => id,
        repeats: ['query', 'include_count'],
      });
    });
    const views = await this.views.all(rows, of!);
    const objects = views.map((view) => objectShape(instance.name, of!.name, view));
    return { next, prev, ...(size !== null && { objects_count: size }), objects };
  }

  @Get(':id')
  async get(@CurrentCaller() caller: Caller, @Param('class') name: string, @Param('id') id: string) {
    return this.shape(caller, await this.within(caller, name, () => this.objects.get(caller.identity, name, idIn(id))));
  }

  @Patch(':id')
  patch(
    @CurrentCaller() caller: Caller,
    @Param('class') name: string,
    @Param('id') id: string,
    @Body() body: unknown,
  ): Promise<JsonObject> {
    return this.write(caller, name, () => this.objects.change(caller.identity, name, idIn(id), objectForm(body)));
  }

  /** A full update: permissions that it leaves out fall back to what new objects have. */
  @Post(':id')
  @HttpCode(200)
  replace(
    @CurrentCaller() caller: Caller,
    @Param('class') name: string,
    @Param('id') id: string,
    @Body() body: unknown,
  ): Promise<JsonObject> {
    return this.write(caller, name, () => this.objects.change(caller.identity, name, idIn(id), objectForm(body), true));
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@CurrentCaller() caller: Caller, @Param('class') name: string, @Param('id') id: string): Promise<void> {
    requireWriter(caller.identity);
    await this.within(caller, name, () => this.objects.delete(caller.identity, name, idIn(id)));
  }

  private async write(caller: Caller, name: string, work: () => Promise<ObjectOfClass>): Promise<JsonObject> {
    requireWriter(caller.identity);
    return this.shape(caller, await this.within(caller, name, work));
  }

  private within<T>(caller: Caller, name: string, work: () => Promise<T>): Promise<T> {
    return this.sight.of(caller, name, work, () => parentMissing('Class'));
  }

  private async shape({ instance }: Caller, found: ObjectOfClass): Promise<JsonObject> {
    return objectShape(instance.name, found.of.name, await this.views.one(found));
  }
}
