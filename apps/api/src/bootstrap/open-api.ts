import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { ProblemDto } from '../http/api-docs';

/** Where Swagger UI is; the document itself is at `/docs-json`. */
export const DOCS_PATH = '/docs';

const DESCRIPTION = [
  'Decides which loan of the pipeline goes to which trade.',
  'Submit a run, read it until it is Complete, then read its reports.',
  'Every request names its tenant in `X-Tenant-Id`; `npm run demo` loads the tenant `demo`.',
  'Errors are `application/problem+json` (RFC 9457).',
].join(' ');

/** Serves Swagger UI and the OpenAPI document. */
export function serveOpenApi(app: INestApplication): void {
  const config = new DocumentBuilder().setTitle('PowerFill').setDescription(DESCRIPTION).setVersion('1').build();
  SwaggerModule.setup(DOCS_PATH, app, () => SwaggerModule.createDocument(app, config, { extraModels: [ProblemDto] }), {
    jsonDocumentUrl: `${DOCS_PATH}-json`,
    customSiteTitle: 'PowerFill API',
  });
}
