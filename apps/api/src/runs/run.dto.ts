import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { RUN_STATUSES, type RunStatus } from '@powerfill/core/domain/run-status';
import { STEPS } from '@powerfill/core/domain/step-names';

const runIdExample = '8f14e45f-ceea-4e7a-9c3b-0d6f3a1b2c4d';
const linksExample = { self: `/api/powerfill/runs/${runIdExample}` };
const money = { type: String, example: '1250000.00' } as const;

/** Answer to a submission. */
export class AcceptedRunDto {
  @ApiProperty({ format: 'uuid', example: runIdExample })
  run_id!: string;

  @ApiProperty({ enum: RUN_STATUSES, example: 'Pending' })
  status!: RunStatus;

  @ApiProperty({ format: 'date-time' })
  submitted_at!: string;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: linksExample })
  links!: Record<string, string>;
}

/** Who accepted a run, and when. */
export class AcceptanceDto {
  @ApiProperty({ format: 'uuid', example: runIdExample })
  run_id!: string;
  @ApiProperty({ format: 'date-time' })
  accepted_at!: string;
  @ApiProperty({ example: 'jane' })
  accepted_by!: string;
}

/** Numbers of loans and trades. */
export class RunCountsDto {
  @ApiProperty()
  loans!: number;
  @ApiProperty()
  trades!: number;
  @ApiProperty()
  placed!: number;
  @ApiProperty()
  held!: number;
  @ApiProperty()
  kicked_out!: number;
}

/** Pipeline = out of scope + eligible; eligible = placed + held + kicked out. */
export class DollarsByOutcomeDto {
  @ApiProperty(money)
  pipeline!: string;
  @ApiProperty(money)
  out_of_scope!: string;
  @ApiProperty(money)
  eligible!: string;
  @ApiProperty(money)
  placed!: string;
  @ApiProperty(money)
  held!: string;
  @ApiProperty(money)
  kicked_out!: string;
}

/** One of the six steps. */
export class StepDto {
  @ApiProperty({ enum: STEPS.map(({ name }) => name) })
  name!: string;
  @ApiProperty({ enum: ['pending', 'running', 'done', 'skipped', 'failed'] })
  status!: string;
  @ApiProperty({ type: Number, nullable: true })
  rows!: number | null;
  @ApiProperty({ type: Number, nullable: true })
  ms!: number | null;
  @ApiProperty({ type: String, nullable: true })
  note!: string | null;
}

/** The run response: live while the run is active, stored once when it ends. */
export class RunDto extends AcceptedRunDto {
  @ApiProperty()
  requested_by!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  claimed_at!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  completed_at!: string | null;
  @ApiProperty()
  attempt!: number;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Options with their defaults filled in' })
  options!: Record<string, unknown>;
  @ApiProperty({ type: RunCountsDto, nullable: true })
  counts!: RunCountsDto | null;
  @ApiProperty({ type: [StepDto] })
  steps!: StepDto[];
  @ApiProperty({ type: 'object', additionalProperties: true, example: { step: 'allocation', fraction: 0.52 } })
  progress!: Record<string, unknown>;
  @ApiProperty({ type: DollarsByOutcomeDto, nullable: true })
  dollars_by_outcome!: DollarsByOutcomeDto | null;
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true }, nullable: true })
  fill_by_trade_type!: Record<string, unknown>[] | null;
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  certificate!: Record<string, unknown> | null;
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true } })
  warnings!: Record<string, unknown>[];
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  failure!: Record<string, unknown> | null;
  @ApiProperty()
  replayable!: boolean;
}

/** A run as the list shows it. */
export class ListedRunDto {
  @ApiProperty({ format: 'uuid', example: runIdExample })
  run_id!: string;
  @ApiProperty({ enum: RUN_STATUSES })
  status!: RunStatus;
  @ApiProperty()
  requested_by!: string;
  @ApiProperty({ format: 'date-time' })
  submitted_at!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  claimed_at!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  completed_at!: string | null;
  @ApiProperty()
  attempt!: number;
  @ApiProperty({ type: RunCountsDto, nullable: true })
  counts!: RunCountsDto | null;
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  failure!: { step: string | null; message: string } | null;
  @ApiProperty()
  cancel_requested!: boolean;
  @ApiProperty()
  accepted!: boolean;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  accepted_at!: string | null;
  @ApiProperty({ type: String, nullable: true })
  accepted_by!: string | null;
  @ApiProperty({ description: 'Whether its outputs are past retention' })
  outputs_purged!: boolean;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: linksExample })
  links!: Record<string, string>;
}

/** A page of runs, newest first. */
export class RunListDto {
  @ApiProperty({ type: [ListedRunDto] })
  items!: ListedRunDto[];
  @ApiPropertyOptional({ type: String, nullable: true, description: 'Null on the last page' })
  next_cursor!: string | null;
}
