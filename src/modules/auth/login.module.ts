import { Module } from '@nestjs/common';
import { MembersModule } from '../members/index.js';
import { WorkspacesModule } from '../workspaces/index.js';
import { LoginController } from './login.controller.js';
import { LoginService } from './login.service.js';
import { LogoutEverywhereController } from './logout-everywhere.controller.js';

/** Registration, login, refresh and logout. */
@Module({
  imports: [MembersModule, WorkspacesModule],
  controllers: [LoginController, LogoutEverywhereController],
  providers: [LoginService],
})
export class LoginModule {}
