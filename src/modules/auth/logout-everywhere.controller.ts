import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentIdentity } from '../../auth/auth.decorators.js';
import type { Identity } from '../../auth/identity.js';
import { Throws } from '../../common/http/throws.js';
import { membersOnly } from '../members/index.js';
import { LoginService } from './login.service.js';

/** REST for ending all of one's logins; unlike the other routes of `auth` it needs to know who asks. */
@ApiTags('auth')
@Throws(membersOnly)
@Controller('api/auth/logout-everywhere')
export class LogoutEverywhereController {
  constructor(private readonly logins: LoginService) {}

  @Post()
  @HttpCode(204)
  async logoutEverywhere(@CurrentIdentity() { memberId }: Identity): Promise<void> {
    if (memberId === null) throw membersOnly();
    await this.logins.logoutEverywhere(memberId);
  }
}
