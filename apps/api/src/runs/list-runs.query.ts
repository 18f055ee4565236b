import { ApiPropertyOptional } from '@nestjs/swagger';
import { RUN_STATUSES, type RunStatus } from '@powerfill/core/domain/run-status';
import { Transform } from 'class-transformer';
import { IsString, Matches, ValidateBy } from 'class-validator';
import { IsOneOf, IsWhole, Optional, queryNumber } from '../http/validators';

const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** RFC 3339, or a date that means its first instant in UTC; dates must exist. */
const IsInstant = (): PropertyDecorator =>
  ValidateBy({
    name: 'isInstant',
    validator: {
      validate: (value) => typeof value === 'string' && INSTANT.test(value) && isRealInstant(value),
      defaultMessage: () => 'must be an RFC 3339 time such as 2026-11-23T08:00:00Z, or a date that exists',
    },
  });

/** JavaScript rolls 30 February over to March instead of refusing it. */
function isRealInstant(text: string): boolean {
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text.slice(0, 10)) return false;
  return !Number.isNaN(Date.parse(text));
}

/** Filters and page of the run list. */
export class ListRunsQuery {
  @Optional()
  @Transform(queryNumber)
  @IsWhole(1, 200)
  @ApiPropertyOptional({ minimum: 1, maximum: 200, default: 50 })
  limit?: number;

  @Optional()
  @IsString()
  @Matches(/^.{1,1000}$/, { message: 'must be a cursor of this list' })
  @ApiPropertyOptional({ description: '`next_cursor` of the page before' })
  cursor?: string;

  @Optional()
  @IsOneOf(RUN_STATUSES)
  @ApiPropertyOptional({ enum: RUN_STATUSES })
  status?: RunStatus;

  @Optional()
  @IsInstant()
  @ApiPropertyOptional({ description: 'Submitted at or after; RFC 3339 time or date', example: '2026-01-01' })
  from?: string;

  @Optional()
  @IsInstant()
  @ApiPropertyOptional({ description: 'Submitted before; RFC 3339 time or date' })
  to?: string;
}
