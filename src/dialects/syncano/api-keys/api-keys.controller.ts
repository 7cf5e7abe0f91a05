import { Body, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { AccessPolicy } from '../../../access/access-policy.js';
import { SecretAnswer } from '../../../common/http/secret-answer.js';
import { givenFields } from '../../../common/given-fields.js';
import type { JsonObject } from '../../../common/json.js';
import { type ApiKey, type ApiKeyChanges, ApiKeysService, type ApiKeyThing } from '../../../modules/api-keys/index.js';
import { type Caller, CurrentCaller } from '../callers.js';
import { InstanceController } from '../syncano.controllers.js';
import { forbidden, notFound } from '../wire/errors.js';
import { Form } from '../wire/form.js';
import { paths } from '../wire/links.js';
import { inMemory, pageOf, pageQuery, type Query as WireQuery, type WireList } from '../wire/lists.js';
import { idIn } from '../wire/ids.js';
import { timestamp } from '../wire/timestamps.js';

const apiKey = (id: number | null): ApiKeyThing => ({ kind: 'api_key', id });

/** The keys of programs. A program sees its own, and nothing else. */
@InstanceController('/api_keys')
export class ApiKeysController {
  constructor(
    private readonly apiKeys: ApiKeysService,
    private readonly policy: AccessPolicy,
  ) {}

  @Post()
  @SecretAnswer()
  async create(@CurrentCaller() caller: Caller, @Body() body: unknown): Promise<JsonObject> {
    await this.requireFull(caller);
    const flags = formIn(body);
    const created = await this.apiKeys.create(caller.instance.id, {
      description: flags.description ?? '',
      ignore_acl: flags.ignoreAcl ?? false,
      allow_user_create: flags.allowUserCreate ?? false,
      allow_group_create: flags.allowGroupCreate ?? false,
      allow_anonymous_read: flags.allowAnonymousRead ?? false,
    });
    return this.shape(caller, created.apiKey);
  }

  @Get()
  async list(@CurrentCaller() caller: Caller, @Query() query: WireQuery): Promise<WireList> {
    const { instance, identity } = caller;
    const own = identity.kind === 'account' ? undefined : identity.apiKeyId;
    if (own === undefined) await this.requireFull(caller);
    const { next, prev, rows } = await pageOf({
      path: paths.apiKeys(instance.name),
      query,
      page: pageQuery(query),
      fetch: async (stretch) =>
        own === undefined
          ? this.apiKeys.list(instance.id, stretch)
          : inMemory([await this.apiKeys.get(instance.id, own)], ({ id }) => id, stretch),
      idOf: ({ id }: ApiKey) => id,
    });
    const texts = await this.apiKeys.textsOf(rows.map(({ id }) => id));
    return { next, prev, objects: rows.map((row) => shapeOf(instance.name, row, texts)) };
  }

  @Get(':id')
  async get(@CurrentCaller() caller: Caller, @Param('id') idText: string): Promise<JsonObject> {
    const id = idIn(idText);
    const { identity } = caller;
    if (!(await this.policy.can(identity, 'read', apiKey(id))))
      throw identity.kind === 'account' ? forbidden() : notFound();
    return this.shape(caller, await this.apiKeys.get(caller.instance.id, id));
  }

  @Put(':id')
  put(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() body: unknown): Promise<JsonObject> {
    return this.change(caller, id, body);
  }

  @Patch(':id')
  async change(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() body: unknown): Promise<JsonObject> {
    await this.requireFull(caller);
    return this.shape(caller, await this.apiKeys.change(caller.instance.id, idIn(id), formIn(body)));
  }

  @Post(':id/reset_key')
  @HttpCode(200)
  @SecretAnswer()
  async reset(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<JsonObject> {
    await this.requireFull(caller);
    return this.shape(caller, await this.apiKeys.reset(caller.instance.id, idIn(id)));
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    await this.requireFull(caller);
    await this.apiKeys.remove(caller.instance.id, idIn(id));
  }

  private async requireFull({ identity }: Caller): Promise<void> {
    if (!(await this.policy.can(identity, 'create', apiKey(null)))) throw forbidden();
  }

  private async shape({ instance }: Caller, row: ApiKey): Promise<JsonObject> {
    return shapeOf(instance.name, row, await this.apiKeys.textsOf([row.id]));
  }
}

function formIn(body: unknown): ApiKeyChanges {
  const form = new Form(body);
  const changes = {
    description: form.text('description', { blank: true, max: 256 }),
    ignoreAcl: form.flag('ignore_acl'),
    allowUserCreate: form.flag('allow_user_create'),
    allowGroupCreate: form.flag('allow_group_create'),
    allowAnonymousRead: form.flag('allow_anonymous_read'),
  };
  form.check();
  return givenFields(changes);
}

/** `api_key` is null for a key that can no longer be shown. */
function shapeOf(instance: string, key: ApiKey, texts: Map<number, string>): JsonObject {
  const self = paths.apiKey(instance, key.id);
  return {
    id: key.id,
    description: key.description,
    api_key: texts.get(key.id) ?? null,
    ignore_acl: key.ignoreAcl,
    allow_user_create: key.allowUserCreate,
    allow_group_create: key.allowGroupCreate,
    allow_anonymous_read: key.allowAnonymousRead,
    created_at: timestamp(key.createdAt),
    links: { self, reset_key: `${self}reset_key/` },
  };
}
