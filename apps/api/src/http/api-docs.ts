import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiProperty, ApiPropertyOptional, ApiResponse } from '@nestjs/swagger';
import { PROBLEM_JSON, PROBLEMS, type ProblemCode } from './problem';
import { SUBJECT_HEADER, TENANT_HEADER } from './request-headers';

/** A fault at one place of the request. */
export class ViolationDto {
  @ApiProperty({ example: 'bx_price_floor' })
  path!: string;

  @ApiProperty({ example: 'must be from 0 to 999' })
  message!: string;
}

/** Every error answers with this document (RFC 9457). */
export class ProblemDto {
  @ApiProperty({ example: 'urn:powerfill:problem:invalid_options', description: 'Stable; ends with the code' })
  type!: string;

  @ApiProperty({ example: 'The run options are not valid' })
  title!: string;

  @ApiProperty({ example: 400 })
  status!: number;

  @ApiProperty({ example: 'bx_price_floor must be from 0 to 999.' })
  detail!: string;

  @ApiProperty({ example: '/api/powerfill/run' })
  instance!: string;

  @ApiProperty({ example: 'invalid_options' })
  code!: string;

  @ApiProperty({ description: 'Names the request in the log' })
  request_id!: string;

  @ApiPropertyOptional({ description: 'Seconds; also in the header Retry-After' })
  retry_after?: number;

  @ApiPropertyOptional({ type: [ViolationDto] })
  errors?: ViolationDto[];
}

/** Documents the problems a route can answer with, grouped by status. */
export function ApiProblems(...codes: ProblemCode[]): MethodDecorator & ClassDecorator {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return applyDecorators(
    ...[...byStatus].map(([status, grouped]) =>
      ApiResponse({
        status,
        description: grouped.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('; '),
        content: { [PROBLEM_JSON]: { schema: { $ref: '#/components/schemas/ProblemDto' } } },
      }),
    ),
  );
}

/** Documents the headers every request of a tenant has. */
export const ApiTenant = (): ClassDecorator & MethodDecorator =>
  applyDecorators(
    ApiHeader({ name: TENANT_HEADER, required: true, description: 'Look-up key of the tenant', example: 'demo' }),
    ApiHeader({ name: SUBJECT_HEADER, required: false, description: 'Name of the caller', example: 'trader.one' }),
    ApiProblems('tenant_required', 'tenant_unknown', 'schema_outdated', 'database_unavailable'),
  );
