import type { INestApplicationContext } from '@nestjs/common';
import { controllerMethods, validatedParameters } from './controller-methods.js';
import { ValidationPipe } from './validation.pipe.js';

/**
 * Checks every body, query and parameter that names a schema, on every route of the application; call it before `init`.
 * A global pipe would do the same, but it also makes Nest wait for each parameter that names none: a third of the
 * promises of a request.
 */
export function validateParameters(app: INestApplicationContext): void {
  const pipe = new ValidationPipe();
  for (const method of controllerMethods(app)) {
    for (const { pipes } of validatedParameters(method)) {
      // Decorators run once for all applications of a process; so the pipe may be there already.
      if (!pipes.some((known) => known instanceof ValidationPipe)) pipes.push(pipe);
    }
  }
}
