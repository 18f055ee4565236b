import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { ProblemDto } from '../http/api-docs';

/** Where Swagger UI is; the document itself is at `/docs-json`. */
export const DOCS_PATH = '/docs';

const DESCRIPTION = [
  'Decides which loan of the pipeline goes to which trade.',
  'Submit a run, read it until it is Complete, then read its reports.',
  'Every request names its tenant in `X-Tenant-Id`; `npm run demo` loads the tenant `demo`.',
  'Errors are `application/problem+json` (RFC 9457).',
].join(' ');

/** What Swagger UI fills in for parts of an address, so that "Try it out" finds something in the sample. */
const SAMPLE_PATH: Readonly<Record<string, string | number>> = {
  investor_id: 'UMBS',
  investor_instrument_name: 'UMBS30',
  constraint_name: 'UMBS30 December',
  rule_name: 'no_mh',
  pool_name: 'PL26-006',
  instrument: 'GNII30',
  on_day: 0,
  table: 'pscat_loan_stages',
  profile_name: 'our tape',
};

function withSamplePaths(document: OpenAPIObject): OpenAPIObject {
  for (const { get, post, put, delete: remove } of Object.values(document.paths)) {
    for (const parameter of [get, post, put, remove].flatMap((operation) => operation?.parameters ?? [])) {
      if (!('in' in parameter) || parameter.in !== 'path') continue;
      const example = SAMPLE_PATH[parameter.name];
      if (example !== undefined) parameter.example ??= example;
    }
  }
  return document;
}

const WORKBOOK = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Nest gives every media type of a body the same schema and examples; a workbook has no text. */
function withBinaryWorkbooks(document: OpenAPIObject): OpenAPIObject {
  for (const { post } of Object.values(document.paths)) {
    const body = post?.requestBody;
    if (body === undefined || !('content' in body) || !(WORKBOOK in body.content)) continue;
    body.content[WORKBOOK] = { schema: { type: 'string', format: 'binary' } };
  }
  return document;
}

/** The OpenAPI document of the API; `openapi.json` of the repository is this one. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder().setTitle('PowerFill').setDescription(DESCRIPTION).setVersion('1').build();
  const document = SwaggerModule.createDocument(app, config, { extraModels: [ProblemDto] });
  return withBinaryWorkbooks(withSamplePaths(document));
}

/** Serves Swagger UI and the OpenAPI document. */
export function serveOpenApi(app: INestApplication): void {
  SwaggerModule.setup(DOCS_PATH, app, () => openApiDocument(app), {
    jsonDocumentUrl: `${DOCS_PATH}-json`,
    customSiteTitle: 'PowerFill API',
  });
}
