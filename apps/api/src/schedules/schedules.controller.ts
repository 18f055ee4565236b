import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Res, UseInterceptors } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { ScheduleRow } from '@powerfill/core/entities';
import { type ScheduleRequest, SchedulesService } from '@powerfill/core/schedules';
import { currentTenant } from '@powerfill/tenancy';
import type { Response } from 'express';
import { AnswerBound } from '../http/answer-bound';
import { ApiProblems, ApiTenant } from '../http/api-docs';
import { IfMatchVersion, versionTag } from '../http/if-match';
import { Subject } from '../http/request-headers';
import { RunIdPipe } from '../http/run-id.pipe';
import { BodyPipe } from '../http/validation';
import {
  firingView,
  ScheduleDto,
  ScheduleFiringsDto,
  ScheduleRequestDto,
  SchedulesDto,
  scheduleView,
} from './schedule.dto';

/** What the body means, its defaults filled in. */
const requestOf = ({ name, cron, time_zone, options, paused }: ScheduleRequestDto): ScheduleRequest => ({
  name,
  cron: cron.trim().replace(/\s+/g, ' '),
  time_zone: time_zone ?? currentTenant().timeZone,
  options_json: JSON.stringify(options ?? {}),
  paused: paused ?? false,
});

/** Names the version in the header ETag too. */
function tagged(response: Response, row: ScheduleRow): ScheduleDto {
  response.setHeader('ETag', versionTag(row.row_version));
  return scheduleView(row, new Date());
}

const ScheduleId = () => Param('schedule_id', new RunIdPipe('schedule_id'));

const ApiIfMatch = () =>
  ApiHeader({
    name: 'If-Match',
    required: true,
    example: '"3"',
    description: '`row_version` the change was made from',
  });

@ApiTags('Schedules')
@ApiTenant()
@UseInterceptors(AnswerBound)
@Controller('api/powerfill/schedules')
export class SchedulesController {
  constructor(private readonly schedules: SchedulesService) {}

  @Get()
  @ApiOperation({ summary: 'Lists the schedules' })
  @ApiOkResponse({ type: SchedulesDto })
  async list(): Promise<SchedulesDto> {
    const now = new Date();
    return { items: (await this.schedules.list()).map((row) => scheduleView(row, now)) };
  }

  @Post()
  @HttpCode(201)
  @ApiOperation({
    summary: 'Submits runs by a cron expression',
    description: 'An occurrence while a run is active is skipped, and the reason is recorded.',
  })
  @ApiCreatedResponse({ type: ScheduleDto })
  @ApiProblems('invalid_request', 'invalid_json', 'payload_too_large', 'too_many_schedules', 'unsupported_media_type')
  async create(
    @Body(new BodyPipe()) body: ScheduleRequestDto,
    @Subject() createdBy: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ScheduleDto> {
    const row = await this.schedules.create(requestOf(body), createdBy);
    response.setHeader('Location', `/api/powerfill/schedules/${row.schedule_id}`);
    return tagged(response, row);
  }

  @Get(':schedule_id')
  @ApiOperation({ summary: 'Reads a schedule' })
  @ApiParam({ name: 'schedule_id', format: 'uuid' })
  @ApiOkResponse({ type: ScheduleDto })
  @ApiProblems('invalid_request', 'object_not_found')
  async read(@ScheduleId() scheduleId: string, @Res({ passthrough: true }) response: Response): Promise<ScheduleDto> {
    return tagged(response, await this.schedules.get(scheduleId));
  }

  @Put(':schedule_id')
  @ApiOperation({ summary: 'Changes a schedule, pauses it or lets it go on' })
  @ApiParam({ name: 'schedule_id', format: 'uuid' })
  @ApiOkResponse({ type: ScheduleDto })
  @ApiIfMatch()
  @ApiProblems(
    'invalid_request',
    'invalid_json',
    'payload_too_large',
    'object_not_found',
    'precondition_failed',
    'precondition_required',
  )
  @ApiProblems('unsupported_media_type')
  async replace(
    @ScheduleId() scheduleId: string,
    @IfMatchVersion() version: number,
    @Body(new BodyPipe()) body: ScheduleRequestDto,
    @Subject() by: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ScheduleDto> {
    return tagged(response, await this.schedules.replace(scheduleId, version, requestOf(body), by));
  }

  @Delete(':schedule_id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Removes a schedule; its runs stay' })
  @ApiParam({ name: 'schedule_id', format: 'uuid' })
  @ApiIfMatch()
  @ApiNoContentResponse()
  @ApiProblems('invalid_request', 'object_not_found', 'precondition_failed', 'precondition_required')
  async remove(
    @ScheduleId() scheduleId: string,
    @IfMatchVersion() version: number,
    @Subject() by: string,
  ): Promise<void> {
    await this.schedules.remove(scheduleId, version, by);
  }

  @Get(':schedule_id/firings')
  @ApiOperation({ summary: 'Tells what became of the latest 50 occurrences' })
  @ApiParam({ name: 'schedule_id', format: 'uuid' })
  @ApiOkResponse({ type: ScheduleFiringsDto })
  @ApiProblems('invalid_request', 'object_not_found')
  async firings(@ScheduleId() scheduleId: string): Promise<ScheduleFiringsDto> {
    return { items: (await this.schedules.firings(scheduleId)).map(firingView) };
  }
}
