import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { ScheduleFiringRow, ScheduleRow } from '@powerfill/core/entities';
import { cronFault, isTimeZone, nextOccurrence } from '@powerfill/core/schedules';
import { Type } from 'class-transformer';
import { IsBoolean, IsObject, ValidateBy, ValidateNested } from 'class-validator';
import { IsName, Optional } from '../http/validators';
import { RunOptionsDto } from '../runs/run-options.dto';

const ID = '3b0c8a3e-7d0e-4a55-9a55-0d6c1c0f6f11';

const IsTimeZone = (): PropertyDecorator =>
  ValidateBy({
    name: 'isTimeZone',
    validator: {
      validate: (value) => typeof value === 'string' && value.length <= 60 && isTimeZone(value),
      defaultMessage: () => 'must be an IANA time zone such as America/New_York',
    },
  });

const faultOf = (cron: unknown): string | null =>
  typeof cron === 'string' && cron.length <= 100 ? cronFault(cron, 'UTC') : 'must be a cron expression';

const IsCron = (): PropertyDecorator =>
  ValidateBy({
    name: 'isCron',
    validator: {
      validate: (value) => faultOf(value) === null,
      defaultMessage: (args) => faultOf(args?.value) ?? '',
    },
  });

/** Body of a schedule; the whole of it, also when it is changed. */
export class ScheduleRequestDto {
  @IsName(80)
  @ApiProperty({ example: 'Morning run' })
  name!: string;

  @IsCron()
  @ApiProperty({ example: '30 7 * * 1-5', description: 'Five fields: minute hour day month weekday' })
  cron!: string;

  @Optional()
  @IsTimeZone()
  @ApiPropertyOptional({ example: 'America/New_York', description: "Default: the tenant's time zone" })
  time_zone?: string;

  @Optional()
  @IsObject({ message: 'must be run options' })
  @ValidateNested()
  @Type(() => RunOptionsDto)
  @ApiPropertyOptional({ type: RunOptionsDto, description: 'Their defaults are filled in when a run is submitted' })
  options?: RunOptionsDto;

  @Optional()
  @IsBoolean({ message: 'must be true or false' })
  @ApiPropertyOptional({ default: false, description: 'A paused schedule submits nothing' })
  paused?: boolean;
}

/** What became of an occurrence. */
export class ScheduleFiringDto {
  @ApiProperty({ format: 'date-time' })
  due_at!: string;
  @ApiProperty({ format: 'date-time' })
  fired_at!: string;
  @ApiProperty({ enum: ['submitted', 'skipped', 'missed'] })
  outcome!: string;
  @ApiProperty({ type: String, nullable: true, description: 'The run submitted, or the active one in its way' })
  run_id!: string | null;
  @ApiProperty({ type: String, nullable: true })
  reason!: string | null;
}

export class ScheduleFiringsDto {
  @ApiProperty({ type: [ScheduleFiringDto] })
  items!: ScheduleFiringDto[];
}

export class ScheduleDto {
  @ApiProperty({ format: 'uuid', example: ID })
  schedule_id!: string;
  @ApiProperty({ example: 'Morning run' })
  name!: string;
  @ApiProperty({ example: '30 7 * * 1-5' })
  cron!: string;
  @ApiProperty({ example: 'America/New_York' })
  time_zone!: string;
  @ApiProperty({ type: 'object', additionalProperties: true, example: { effort: 'standard' } })
  options!: Record<string, unknown>;
  @ApiProperty()
  paused!: boolean;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Null while paused' })
  next_at!: string | null;
  @ApiProperty()
  created_by!: string;
  @ApiProperty({ format: 'date-time' })
  created_at!: string;
  @ApiProperty({ format: 'date-time' })
  updated_at!: string;
  @ApiProperty({ example: 3, description: 'For If-Match; also in the header ETag' })
  row_version!: number;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  links!: Record<string, string>;
}

export class SchedulesDto {
  @ApiProperty({ type: [ScheduleDto] })
  items!: ScheduleDto[];
}

/** A schedule on the wire. */
export function scheduleView(row: ScheduleRow, now: Date): ScheduleDto {
  const self = `/api/powerfill/schedules/${row.schedule_id}`;
  return {
    schedule_id: row.schedule_id,
    name: row.name,
    cron: row.cron,
    time_zone: row.time_zone,
    options: JSON.parse(row.options_json) as Record<string, unknown>,
    paused: row.paused,
    next_at: row.paused ? null : nextOccurrence(row.cron, row.time_zone, now).toISOString(),
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    row_version: row.row_version,
    links: { self, firings: `${self}/firings` },
  };
}

export const firingView = (row: ScheduleFiringRow): ScheduleFiringDto => ({
  due_at: row.due_at.toISOString(),
  fired_at: row.fired_at.toISOString(),
  outcome: row.outcome,
  run_id: row.run_id,
  reason: row.reason,
});
