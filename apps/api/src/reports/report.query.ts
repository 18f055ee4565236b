import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsString, Matches } from 'class-validator';
import type { ReportFormat } from '../http/accept';
import { IsOneOf, IsWhole, Optional, queryNumber } from '../http/validators';

const FORMATS = ['json', 'csv'] as const satisfies readonly ReportFormat[];

/** Form of a report. */
export class ReportQuery {
  @Optional()
  @IsOneOf(FORMATS)
  @ApiPropertyOptional({ enum: FORMATS, description: 'Instead of the header Accept' })
  format?: ReportFormat;
}

/** Form and page of a report without an end. */
export class PagedReportQuery extends ReportQuery {
  @Optional()
  @Transform(queryNumber)
  @IsWhole(1, 1_000)
  @ApiPropertyOptional({ minimum: 1, maximum: 1_000, default: 200, description: 'Rows of a JSON page' })
  limit?: number;

  @Optional()
  @IsString()
  @Matches(/^.{1,1000}$/, { message: 'must be a cursor of this list' })
  @ApiPropertyOptional({ description: '`next_cursor` of the page before; JSON only, CSV is always the whole report' })
  cursor?: string;
}
