import { Body, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { type JsonObject, parseJson } from '../../../common/json.js';
import {
  CLASS_LEVELS,
  type ClassChanges,
  ClassesService,
  classNameFaults,
  type ObjectClass,
} from '../../../modules/objects/index.js';
import { type Caller, CurrentCaller } from '../callers.js';
import { readAfter, requireReader } from '../sight.js';
import { InstanceController } from '../syncano.controllers.js';
import { forbidden } from '../wire/errors.js';
import { Form } from '../wire/form.js';
import { paths } from '../wire/links.js';
import { NAME_START, nameStart, pageOf, pageQuery, type Query as WireQuery, type WireList } from '../wire/lists.js';
import { ClassSight } from './class-sight.js';
import { classShape } from './class.shape.js';

/** The classes of an instance. Only account keys make and change them. */
@InstanceController('/classes')
export class ClassesController {
  constructor(
    private readonly classes: ClassesService,
    private readonly sight: ClassSight,
  ) {}

  @Post()
  async create(@CurrentCaller() { instance, identity }: Caller, @Body() body: unknown): Promise<JsonObject> {
    if (!identity.administrator) throw forbidden();
    const form = new Form(body);
    const faults = (name: string): string[] => classNameFaults(name.toLowerCase());
    const name = form.text('name', { required: true, faults });
    const wanted = changesIn(form);
    form.check();
    return classShape(instance.name, await this.classes.create(identity, name!.toLowerCase(), wanted), 0);
  }

  @Get()
  async list(@CurrentCaller() { instance, identity }: Caller, @Query() query: WireQuery): Promise<WireList> {
    requireReader(identity);
    const named = nameStart(query);
    const { next, prev, rows } = await pageOf({
      path: paths.classes(instance.name),
      query,
      page: pageQuery(query),
      fetch: (stretch) => this.classes.list(identity, { ...stretch, ...named }),
      repeats: [NAME_START],
      idOf: ({ id }: ObjectClass) => id,
    });
    const sizes = await this.classes.sizes(rows.map(({ id }) => id));
    return { next, prev, objects: rows.map((of) => classShape(instance.name, of, sizes.get(of.id) ?? 0)) };
  }

  @Get(':name')
  async get(@CurrentCaller() caller: Caller, @Param('name') name: string): Promise<JsonObject> {
    return this.shape(caller, await this.sight.of(caller, name, () => this.classes.get(caller.identity, name)));
  }

  @Put(':name')
  put(@CurrentCaller() caller: Caller, @Param('name') name: string, @Body() body: unknown): Promise<JsonObject> {
    return this.change(caller, name, body);
  }

  @Patch(':name')
  async change(@CurrentCaller() caller: Caller, @Param('name') name: string, @Body() body: unknown) {
    const { identity } = caller;
    if (!identity.administrator) throw forbidden();
    const changes = await readAfter(
      () => this.classes.get(identity, name),
      () => changeForm(body),
    );
    return this.shape(caller, await this.classes.change(identity, name, changes));
  }

  @Delete(':name')
  @HttpCode(204)
  async remove(@CurrentCaller() { identity }: Caller, @Param('name') name: string): Promise<void> {
    if (!identity.administrator) throw forbidden();
    await this.classes.delete(identity, name);
  }

  private async shape({ instance }: Caller, of: ObjectClass): Promise<JsonObject> {
    return classShape(instance.name, of, (await this.classes.sizes([of.id])).get(of.id) ?? 0);
  }
}

/** The name is for life: whatever is said about it is ignored. */
function changeForm(body: unknown): ClassChanges {
  const form = new Form(body);
  const changes = { ...changesIn(form), expected_revision: form.integer('expected_revision') };
  form.check();
  return changes;
}

function changesIn(form: Form): ClassChanges {
  const schema = form.raw('schema');
  return {
    description: form.text('description', { blank: true, max: 256 }),
    // What is no JSON is no list, which is what the error then says.
    schema: typeof schema === 'string' ? (parseJson(schema) ?? schema) : schema,
    group: form.pk('group'),
    group_permissions: form.choice('group_permissions', CLASS_LEVELS),
    other_permissions: form.choice('other_permissions', CLASS_LEVELS),
    metadata: form.json('metadata'),
  };
}
