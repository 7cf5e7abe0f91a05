import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from './auth/auth.decorators.js';
import { asyncApiDocument } from './realtime/asyncapi/asyncapi.document.js';
import { Doors } from './realtime/asyncapi/doors.js';
import { NAME, VERSION } from './version.js';

/** The socket doors for programs, as `/docs-json` is for REST; made from the schemas that read and write the frames. */
@ApiExcludeController()
@Public()
@Controller()
export class AsyncApiController {
  private document: object | undefined;

  constructor(private readonly doors: Doors) {}

  @Get('asyncapi.json')
  describe(): object {
    const description = 'What comes and goes over the socket doors. REST is described at /docs-json.';
    const info = { title: NAME, version: VERSION, description };
    return (this.document ??= asyncApiDocument(info, this.doors.all(), this.doors.rooms()));
  }
}
