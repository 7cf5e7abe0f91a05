import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '../../auth/auth.decorators.js';
import { SecretAnswer } from '../../common/http/secret-answer.js';
import { Throws } from '../../common/http/throws.js';
import { LimitedAsLogin } from '../../limits/limit.decorators.js';
import { emailTaken } from '../members/index.js';
import { loginFailed, refreshTokenInvalid, refreshTokenReused, workspaceNotFound } from './login.errors.js';
import {
  type Credentials,
  loginSchema,
  type Refresh,
  refreshSchema,
  type Register,
  registerSchema,
  type Session,
  sessionSchema,
} from './login.schemas.js';
import { LoginService } from './login.service.js';

/** REST for becoming somebody: all of it public. */
@ApiTags('auth')
@Public()
@LimitedAsLogin()
@Controller('api/auth')
export class LoginController {
  constructor(private readonly logins: LoginService) {}

  @Post('register')
  @Throws(workspaceNotFound, emailTaken)
  @SecretAnswer()
  @ApiCreatedResponse({ standardSchema: sessionSchema })
  register(@Body({ schema: registerSchema }) body: Register): Promise<Session> {
    return this.logins.register(body);
  }

  @Post('login')
  @Throws(loginFailed)
  @SecretAnswer()
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: sessionSchema })
  login(@Body({ schema: loginSchema }) body: Credentials): Promise<Session> {
    return this.logins.login(body);
  }

  @Post('refresh')
  @Throws(refreshTokenInvalid, refreshTokenReused)
  @SecretAnswer()
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: sessionSchema })
  refresh(@Body({ schema: refreshSchema }) body: Refresh): Promise<Session> {
    return this.logins.refresh(body.refresh_token);
  }

  @Post('logout')
  @HttpCode(204)
  logout(@Body({ schema: refreshSchema }) body: Refresh): Promise<void> {
    return this.logins.logout(body.refresh_token);
  }
}
