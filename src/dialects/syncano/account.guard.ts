import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Account } from '../../modules/accounts/index.js';
import { type CalledRequest, Callers } from './callers.js';
import { forbidden } from './wire/errors.js';

/** Stands before what only administrators of the platform may ask, by their account key. */
@Injectable()
export class AccountGuard implements CanActivate {
  constructor(private readonly callers: Callers) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<CalledRequest>();
    const account = await this.callers.account(request);
    if (!account) throw forbidden();
    request.account = account;
    return true;
  }
}

export const CurrentAccount = createParamDecorator((_data: unknown, context: ExecutionContext): Account => {
  const { account } = context.switchToHttp().getRequest<CalledRequest>();
  if (!account) throw new Error('CurrentAccount on a route without the account guard');
  return account;
});
