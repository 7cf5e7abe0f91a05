import { Body, Get, HttpCode, Patch, Post, Put, UseGuards } from '@nestjs/common';
import { emailAddress } from '../../../common/text.js';
import { LimitedAsLogin } from '../../../limits/limit.decorators.js';
import { type Account, type AccountDetails, AccountsService } from '../../../modules/accounts/index.js';
import { AccountGuard, CurrentAccount } from '../account.guard.js';
import { WireController } from '../syncano.controllers.js';
import { Form } from '../wire/form.js';
import { accountShape } from './account.shape.js';

const isEmail = (text: string): string[] =>
  emailAddress.safeParse(text).success ? [] : ['Enter a valid email address.'];

/** Becoming an administrator of the platform. No key is needed, the reply brings it. */
@LimitedAsLogin()
@WireController('account')
export class AccountLoginController {
  constructor(private readonly accounts: AccountsService) {}

  @Post('register')
  async register(@Body() body: unknown) {
    const form = new Form(body);
    const email = form.text('email', { required: true, max: 254, faults: isEmail });
    const password = form.text('password', { required: true, max: 128, untrimmed: true });
    const names = namesIn(form);
    form.check();
    const wanted = { email: email!.toLowerCase(), password: password!, ...names };
    const { account, key } = await this.accounts.register(wanted);
    return { ...accountShape(account), account_key: key };
  }

  @Post('auth')
  @HttpCode(200)
  async logIn(@Body() body: unknown) {
    const form = new Form(body);
    const email = form.text('email', { required: true });
    const password = form.text('password', { required: true, untrimmed: true });
    form.check();
    const { account, key } = await this.accounts.logIn(email!.toLowerCase(), password!);
    return { ...accountShape(account), account_key: key };
  }
}

/** The calling administrator's own details. */
@UseGuards(AccountGuard)
@WireController('account')
export class AccountController {
  constructor(private readonly accounts: AccountsService) {}

  @Get()
  get(@CurrentAccount() account: Account) {
    return accountShape(account);
  }

  @Put()
  put(@CurrentAccount() account: Account, @Body() body: unknown) {
    return this.change(account, body);
  }

  @Patch()
  async change(@CurrentAccount() { id }: Account, @Body() body: unknown) {
    const form = new Form(body);
    const changes = namesIn(form);
    form.check();
    return accountShape(await this.accounts.change(id, changes));
  }
}

function namesIn(form: Form): AccountDetails {
  const rules = { blank: true, max: 64 };
  const [firstName, lastName] = [form.text('first_name', rules), form.text('last_name', rules)];
  return { ...(firstName !== undefined && { firstName }), ...(lastName !== undefined && { lastName }) };
}
