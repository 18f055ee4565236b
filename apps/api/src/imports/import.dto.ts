import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { ImportFault, ImportMode, ImportReport } from '@powerfill/core/imports';
import { IsOneOf, Optional } from '../http/validators';

const MODES = ['all', 'partial'] as const satisfies readonly ImportMode[];

export class ImportQuery {
  @Optional()
  @IsOneOf(MODES)
  @ApiPropertyOptional({ enum: MODES, default: 'all', description: '`partial` stores the rows without fault' })
  mode?: ImportMode;
}

/** One fault of a file. */
export class ImportFaultDto implements ImportFault {
  @ApiProperty({ description: 'The header is line 1' })
  line!: number;
  @ApiProperty({ type: String, nullable: true })
  column!: string | null;
  @ApiProperty({ type: String, example: 'not_a_number' })
  code!: ImportFault['code'];
  @ApiProperty()
  reason!: string;
  @ApiProperty({ type: String, nullable: true })
  value!: string | null;
}

/** What an import did. */
export class ImportReportDto implements ImportReport {
  @ApiProperty()
  table!: string;
  @ApiProperty({ enum: MODES })
  mode!: ImportMode;
  @ApiProperty()
  rows!: number;
  @ApiProperty()
  inserted!: number;
  @ApiProperty()
  updated!: number;
  @ApiProperty()
  rejected!: number;
  @ApiProperty({ type: [ImportFaultDto] })
  errors!: ImportFaultDto[];
  @ApiProperty()
  error_count!: number;
}
