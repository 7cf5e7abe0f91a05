import { applyDecorators, Controller, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../../auth/auth.decorators.js';
import { InstanceGuard } from './instance.guard.js';
import { FieldsInterceptor } from './wire/fields.interceptor.js';

/** A controller of this dialect. Its own guards know its keys; it is described in docs/dialects/syncano.md. */
export const WireController = (path: string): ClassDecorator =>
  applyDecorators(ApiExcludeController(), Public(), UseInterceptors(FieldsInterceptor), Controller(`v1.1/${path}`));

/** One for the things of an instance. */
export const InstanceController = (path: string): ClassDecorator =>
  applyDecorators(WireController(`instances/:instance${path}`), UseGuards(InstanceGuard));
