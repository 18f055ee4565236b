import { ApiPropertyOptional } from '@nestjs/swagger';
import { RUN_STATUSES, type RunStatus } from '@powerfill/core/domain/run-status';
import { Transform } from 'class-transformer';
import { IsString, Matches } from 'class-validator';
import { IsInstant, IsOneOf, IsWhole, Optional, queryNumber } from '../http/validators';

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
