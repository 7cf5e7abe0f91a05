import type { INestApplication } from '@nestjs/common';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { mayBeRepeated } from '../idempotency/repeatable-routes.js';
import { type ApiRoute, apiRoutes } from './api-route.js';
import { ERROR_SCHEMA, errorSchema, withErrors } from './error-responses.js';
import { nameNullInEnums } from './nullable-enums.js';
import { possibleErrors } from './possible-errors.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The request is carried out once, however often it is sent with the same key.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
} as const;

/** The REST API: what Nest finds in the schemas of the routes, and what the marks on them say of who is refused. */
export function openApiDocument(app: INestApplication, head: Omit<OpenAPIObject, 'paths'>): OpenAPIObject {
  const document = SwaggerModule.createDocument(app, head);
  const routes = apiRoutes(app);
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const name of METHODS) {
      const operation = operations[name];
      const method = name.toUpperCase();
      const route = routes.get(`${method} ${path}`);
      if (operation && route) complete(operation, method, path, route);
    }
  }
  document.components = { ...document.components };
  document.components.schemas = { ...document.components.schemas, [ERROR_SCHEMA]: errorSchema };
  nameNullInEnums(document);
  return document;
}

function complete(operation: Operation, method: string, path: string, route: ApiRoute): void {
  operation.responses = withErrors(
    operation.responses as Parameters<typeof withErrors>[0],
    possibleErrors(method, path, route),
  ) as Operation['responses'];
  if (route.public) operation.security = [];
  if (mayBeRepeated(method, path, route.config)) {
    operation.parameters = [...(operation.parameters ?? []), IDEMPOTENCY_KEY];
  }
}
