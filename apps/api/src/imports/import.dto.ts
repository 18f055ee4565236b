import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { ImportFault, ImportMode, ImportReport } from '@powerfill/core/imports';
import { IsName, IsOneOf, Optional } from '../http/validators';

const MODES = ['all', 'partial'] as const satisfies readonly ImportMode[];

export class ImportQuery {
  @Optional()
  @IsOneOf(MODES)
  @ApiPropertyOptional({ enum: MODES, default: 'all', description: '`partial` stores the rows without fault' })
  mode?: ImportMode;

  @Optional()
  @IsOneOf(['true', 'false'])
  @ApiPropertyOptional({ enum: ['true', 'false'], default: 'false', description: 'Does everything and takes it back' })
  dry_run?: 'true' | 'false';

  @Optional()
  @IsName(60)
  @ApiPropertyOptional({ example: 'encompass', description: 'Name of a saved column mapping' })
  profile?: string;
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
  @ApiProperty({ description: 'Nothing was stored; the figures are what a real import would have done' })
  dry_run!: boolean;
  @ApiProperty({ type: String, nullable: true })
  profile!: string | null;
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
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  error_file_id!: string | null;
  @ApiProperty({ description: 'The file did not take all rows left out; its last line says how many are missing' })
  error_file_cut!: boolean;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: '`error_file`, if there is one',
  })
  links!: Record<string, string>;
}

/** How a desk's own tape is read into a table. */
export class ImportProfileDto {
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string', nullable: true },
    example: { 'Loan #': 'loan_id', 'Note Rate': 'note_rate', Branch: null },
    description: 'Header of the tape -> column of the table; null leaves it out',
  })
  columns?: Record<string, string | null>;
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'object', additionalProperties: { type: 'string' } },
    example: { occupancy: { 'Primary Residence': 'primary' } },
    description: 'Column -> words of the tape -> words of the table',
  })
  values?: Record<string, Record<string, string>>;
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { agency_type: 'conventional' },
    description: 'Column -> text every row gets where the tape has no such column',
  })
  constants?: Record<string, string>;
  @ApiPropertyOptional({ description: 'Leaves out columns nobody named; else they are a fault' })
  ignore_unknown?: boolean;
  @ApiPropertyOptional({ enum: ['.', ','] })
  decimal_mark?: string;
  @ApiPropertyOptional({ enum: ['mdy', 'dmy'] })
  date_order?: string;
}

/** A saved profile. */
export class StoredProfileDto {
  @ApiProperty({ example: 'loan' })
  table_name!: string;
  @ApiProperty({ example: 'encompass' })
  profile_name!: string;
  @ApiProperty({ type: ImportProfileDto })
  profile!: ImportProfileDto;
}

/** All saved profiles. */
export class ProfileListDto {
  @ApiProperty({ type: [StoredProfileDto] })
  items!: StoredProfileDto[];
}
