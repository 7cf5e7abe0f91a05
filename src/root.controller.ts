import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from './auth/auth.decorators.js';
import { NAME, VERSION } from './version.js';

/** Tells someone who opens the bare address where they are. */
@ApiExcludeController()
@Public()
@Controller()
export class RootController {
  @Get()
  welcome(): { name: string; version: string; docs: string } {
    return { name: NAME, version: VERSION, docs: '/docs' };
  }
}
