import { ApiPropertyOptional } from '@nestjs/swagger';
import { FILTER_OPERATORS } from '@powerfill/core/reports';
import { Transform } from 'class-transformer';
import { IsString, Matches } from 'class-validator';
import { REPORT_FORMATS, type ReportFormat } from '../http/accept';
import { IsOneOf, IsWhole, Optional, queryNumber } from '../http/validators';

/** One parameter or several of the same name, as a list. */
const queryList = ({ value }: { value: unknown }): unknown => (typeof value === 'string' ? [value] : value);

/** Form of a report. */
export class ReportQuery {
  @Optional()
  @IsOneOf(REPORT_FORMATS)
  @ApiPropertyOptional({ enum: REPORT_FORMATS, description: 'Instead of the header Accept' })
  format?: ReportFormat;
}

/** Which rows of a report, and in which order. */
export class RowsQuery extends ReportQuery {
  @Optional()
  @IsString()
  // No `example`: Swagger UI would send it, and no column is in every report.
  @ApiPropertyOptional({ description: 'Columns of the report, `-` in front for falling, e.g. `-amount,loan_id`' })
  sort?: string;

  @Optional()
  @Transform(queryList)
  @IsString({ each: true, message: 'must be column:operator:value' })
  @ApiPropertyOptional({
    type: [String],
    description: `column:operator:value, e.g. \`amount:gte:250000\`, all must hold; operators ${FILTER_OPERATORS.join(', ')}; \`in\` takes a comma list`,
  })
  filter?: string[];
}

/** Form and page of a report without an end. */
export class PagedReportQuery extends RowsQuery {
  @Optional()
  @Transform(queryNumber)
  @IsWhole(1, 1_000)
  @ApiPropertyOptional({ minimum: 1, maximum: 1_000, default: 200, description: 'Rows of a JSON page' })
  limit?: number;

  @Optional()
  @IsString()
  @Matches(/^.{1,1000}$/, { message: 'must be a cursor of this list' })
  @ApiPropertyOptional({
    description: '`next_cursor` of the page before; JSON only, files are always the whole report',
  })
  cursor?: string;
}
