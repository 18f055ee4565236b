import { Body, Controller, Get, Put, UseInterceptors } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import {
  PreflightSettingsService,
  type SettingChanges,
  SETTING_NAMES,
  SETTINGS,
  type SettingView,
} from '@powerfill/core/configuration';
import { readDecimal } from '@powerfill/core/domain/run-options-decimal';
import { RefusedError } from '@powerfill/core/domain/errors';
import { AnswerBound } from '../http/answer-bound';
import { ApiProblems, ApiTenant } from '../http/api-docs';
import type { Violation } from '../http/problem';
import { Subject } from '../http/request-headers';

class SettingDto {
  @ApiProperty({ enum: SETTING_NAMES })
  name!: string;
  @ApiProperty({ example: '30' })
  value!: string;
  @ApiProperty({ example: '30' })
  default_value!: string;
  @ApiProperty()
  is_default!: boolean;
  @ApiProperty({ example: 'days' })
  unit!: string;
  @ApiProperty()
  help!: string;
}

class SettingsDto {
  @ApiProperty({ type: [SettingDto] })
  items!: SettingDto[];
}

const schema = {
  type: 'object' as const,
  additionalProperties: false,
  properties: Object.fromEntries(
    SETTING_NAMES.map((name) => [
      name,
      { oneOf: [{ type: 'string' }, { type: 'number' }], nullable: true, description: SETTINGS[name].help },
    ]),
  ),
  example: { pair_off_horizon_days: 45, room_max_percent: null },
};

/** The tenant's thresholds. */
@ApiTags('Configuration')
@ApiTenant()
@UseInterceptors(AnswerBound)
@Controller('api/powerfill/settings/preflight')
export class SettingsController {
  constructor(private readonly settings: PreflightSettingsService) {}

  @Get()
  @ApiOperation({ summary: 'The thresholds of the tenant' })
  @ApiOkResponse({ type: SettingsDto })
  async list(): Promise<{ items: readonly SettingView[] }> {
    return { items: await this.settings.list() };
  }

  @Put()
  @ApiOperation({
    summary: 'Changes thresholds',
    description: 'Those named are set, null takes one back to its default, the others stay.',
  })
  @ApiBody({ schema })
  @ApiOkResponse({ type: SettingsDto })
  @ApiProblems('invalid_request', 'invalid_json', 'payload_too_large', 'unsupported_media_type')
  async change(@Body() body: unknown, @Subject() by: string): Promise<{ items: readonly SettingView[] }> {
    return { items: await this.settings.change(settingChanges(body), by) };
  }
}

/** Checks a body against the settings there are. @throws {RefusedError} `invalid_request` naming every fault */
function settingChanges(body: unknown): SettingChanges {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  const errors: Violation[] = isObject ? [] : [{ path: 'body', message: 'must be a JSON object' }];
  const changes: Record<string, string | null> = {};
  for (const [name, value] of isObject ? Object.entries(body) : []) {
    const definition = SETTING_NAMES.find((known) => known === name);
    if (definition === undefined) {
      errors.push({ path: name, message: 'is no setting' });
      continue;
    }
    const reading = value === null ? null : readDecimal(value, SETTINGS[definition]);
    if (reading === null) changes[name] = null;
    else if ('text' in reading) changes[name] = reading.text;
    else errors.push({ path: name, message: reading.fault });
  }
  const [first] = errors;
  if (first !== undefined) throw new RefusedError('invalid_request', `${first.path} ${first.message}.`, { errors });
  return changes;
}
