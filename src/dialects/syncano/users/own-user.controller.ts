import { Body, Get, HttpCode, Patch, Post, Put, Req } from '@nestjs/common';
import { SecretAnswer } from '../../../common/http/secret-answer.js';
import type { JsonObject } from '../../../common/json.js';
import { clientAddress } from '../../../limits/client-address.js';
import { RateLimits, tooManyRequests } from '../../../limits/rate-limits.js';
import { MemberKeys, MembersService } from '../../../modules/members/index.js';
import { type CalledRequest, type Caller, CurrentCaller } from '../callers.js';
import { InstanceController } from '../syncano.controllers.js';
import { forbidden } from '../wire/errors.js';
import { Form } from '../wire/form.js';
import { userForm } from './user.form.js';
import { UserShapes } from './user.shapes.js';
import { Users } from './users.service.js';

/** Logging in as a user, and the own record of the one who has. */
@InstanceController('/user')
export class OwnUserController {
  constructor(
    private readonly users: Users,
    private readonly members: MembersService,
    private readonly keys: MemberKeys,
    private readonly shapes: UserShapes,
    private readonly limits: RateLimits,
  ) {}

  @Post('auth')
  @HttpCode(200)
  @SecretAnswer()
  async logIn(@CurrentCaller() caller: Caller, @Req() request: CalledRequest, @Body() body: unknown) {
    const form = new Form(body);
    const username = form.text('username', { required: true });
    const password = form.text('password', { required: true, untrimmed: true });
    form.check();
    await this.count(request, username!.toLowerCase());
    const member = await this.users.logIn(caller.instance.id, username!, password!);
    const keys = await this.keys.keysOf([member.id]);
    return { ...(await this.shapes.one(caller, member)), user_key: keys.get(member.id)! };
  }

  @Get()
  async get(@CurrentCaller() caller: Caller): Promise<JsonObject> {
    return this.shapes.one(caller, await this.members.get(caller.instance.id, ownId(caller)));
  }

  @Put()
  put(@CurrentCaller() caller: Caller, @Body() body: unknown): Promise<JsonObject> {
    return this.change(caller, body);
  }

  @Patch()
  async change(@CurrentCaller() caller: Caller, @Body() body: unknown): Promise<JsonObject> {
    const id = ownId(caller);
    const form = userForm(body, false);
    return this.shapes.one(caller, await this.users.change(caller.instance.id, id, form), form.username);
  }

  /** Guessing is made slow, for each name and for each address. */
  private async count({ ip }: CalledRequest, username: string): Promise<void> {
    const address = clientAddress(ip);
    const waits = [this.limits.hit('login_ip', address), this.limits.hit('login', `${address} ${username}`)];
    const wait = Math.max(...(await Promise.all(waits.map(async (one) => one))));
    if (wait > 0) throw tooManyRequests(wait);
  }
}

function ownId({ identity }: Caller): number {
  if (identity.memberId === null) throw forbidden();
  return identity.memberId;
}
