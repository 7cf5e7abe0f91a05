import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { openApiDocument } from './openapi/openapi.document.js';
import { NAME, VERSION } from './version.js';

/** The REST API for people at /docs and for programs at /docs-json, made from the schemas that check the requests. */
export function serveApiDocs(app: NestFastifyApplication): void {
  // Made at the first visit, so that the boot does not wait for it.
  SwaggerModule.setup('docs', app, () => describeApi(app), {
    jsonDocumentUrl: 'docs-json',
    customSiteTitle: NAME,
  });
}

/** The document that `/docs-json` serves. */
export function describeApi(app: NestFastifyApplication): OpenAPIObject {
  const head = new DocumentBuilder()
    .setTitle(NAME)
    .setVersion(VERSION)
    .setDescription('Every committed change reaches every client that may see it, in order, once.')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-KEY' }, 'api_key')
    .addSecurityRequirements('bearer')
    .addSecurityRequirements('api_key')
    .build();
  return openApiDocument(app, head);
}
