import { ApiProperty } from '@nestjs/swagger';
import { FINDING_CODES } from '@powerfill/core/preflight';

const object = { type: 'object', additionalProperties: true } as const;

/** Something found. */
export class FindingDto {
  @ApiProperty({ enum: Object.keys(FINDING_CODES), example: 'grid_missing' })
  code!: string;
  @ApiProperty({ enum: ['error', 'warning'] })
  severity!: string;
  @ApiProperty({ example: 'Cash trades have no note-rate grid in pscat_trade_cash_grid; load it.' })
  message!: string;
  @ApiProperty({ example: 2 })
  count!: number;
  @ApiProperty({ type: String, nullable: true, example: '10000000.00' })
  dollars!: string | null;
  @ApiProperty({ type: [String], example: ['WL-2001'] })
  examples!: string[];
}

/** Whether a run can be started. */
export class PreflightDto {
  @ApiProperty({ description: 'No finding is an error' })
  is_ready!: boolean;
  @ApiProperty({ format: 'date' })
  as_of_date!: string;
  @ApiProperty({ type: [FindingDto], description: 'Errors first' })
  findings!: FindingDto[];
}

/** What was prepared. */
export class PreprocessDto {
  @ApiProperty({ format: 'date-time' })
  prepared_at!: string;
  @ApiProperty()
  instrument_parameters!: number;
  @ApiProperty()
  trade_parameters!: number;
  @ApiProperty()
  lockdown_rows!: number;
  @ApiProperty({ description: 'Pools the desk has set itself, which stay as they are' })
  user_lockdown_rows!: number;
}

/** Candidates of some loans. */
export class CandidatePreviewDto {
  @ApiProperty({ format: 'date' })
  as_of_date!: string;
  @ApiProperty()
  trade_count!: number;
  @ApiProperty({ description: 'Loans the run would have' })
  loan_count!: number;
  @ApiProperty({ description: 'Not all loans are shown; name some with loan_ids' })
  is_cut!: boolean;
  @ApiProperty({ type: 'array', items: object, description: 'Loans with candidates, codes of the other pairs, counts' })
  items!: object[];
  @ApiProperty({ type: 'array', items: object, description: 'Loans a run would leave out, with the code' })
  out_of_scope!: object[];
  @ApiProperty({ type: 'array', items: object })
  warnings!: object[];
}
