import { Controller, Get, Query, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { CHANGE_KINDS, type ChangeKind, readChanges } from '@powerfill/core/configuration';
import { unknownCursor } from '@powerfill/core/domain/errors';
import type { ChangeLogRow } from '@powerfill/core/entities';
import { Transform } from 'class-transformer';
import { IsString } from 'class-validator';
import { AnswerBound } from '../http/answer-bound';
import { ApiProblems, ApiTenant } from '../http/api-docs';
import { decodeCursor, encodeCursor } from '../http/cursor';
import { isUuid } from '../http/run-id.pipe';
import { queryPipe } from '../http/validation';
import { IsInstant, IsOneOf, IsShortText, IsWhole, Optional, queryNumber } from '../http/validators';

const LIST = 'change-log';
const DEFAULT_LIMIT = 100;

class ChangeLogQuery {
  @Optional()
  @Transform(queryNumber)
  @IsWhole(1, 1_000)
  @ApiPropertyOptional({ minimum: 1, maximum: 1_000, default: DEFAULT_LIMIT })
  limit?: number;

  @Optional()
  @IsString()
  @ApiPropertyOptional()
  cursor?: string;

  @Optional()
  @IsOneOf(CHANGE_KINDS)
  @ApiPropertyOptional({ enum: CHANGE_KINDS })
  kind?: ChangeKind;

  @Optional()
  @IsShortText(300)
  @ApiPropertyOptional({ example: 'FNMA/UMBS30/December TBA' })
  key?: string;

  @Optional()
  @IsShortText(100)
  @ApiPropertyOptional({ example: 'jane' })
  by?: string;

  @Optional()
  @IsInstant()
  @ApiPropertyOptional({ description: 'Changed at or after; RFC 3339 time or date', example: '2026-01-01' })
  from?: string;

  @Optional()
  @IsInstant()
  @ApiPropertyOptional({ description: 'Changed before; RFC 3339 time or date' })
  to?: string;
}

class ChangeDto {
  @ApiProperty({ format: 'uuid' })
  change_id!: string;
  @ApiProperty({ format: 'date-time' })
  changed_at!: string;
  @ApiProperty({ example: 'jane' })
  changed_by!: string;
  @ApiProperty({ enum: CHANGE_KINDS })
  kind!: string;
  @ApiProperty({ example: 'FNMA/UMBS30/December TBA' })
  key!: string;
  @ApiProperty({ nullable: true, description: 'Null for what is new' })
  before!: unknown;
  @ApiProperty({ nullable: true, description: 'Null for what is gone' })
  after!: unknown;
}

class ChangeListDto {
  @ApiProperty({ type: [ChangeDto] })
  items!: ChangeDto[];
  @ApiProperty({ type: String, nullable: true })
  next_cursor!: string | null;
}

/** Who changed what, when, from what to what. */
@ApiTags('Configuration')
@ApiTenant()
@UseInterceptors(AnswerBound)
@Controller('api/powerfill/change-log')
export class ChangeLogController {
  @Get()
  @ApiOperation({ summary: 'Changes of the configuration, newest first' })
  @ApiOkResponse({ type: ChangeListDto })
  @ApiProblems('invalid_request', 'invalid_cursor')
  async list(@Query(queryPipe()) query: ChangeLogQuery): Promise<ChangeListDto> {
    const { limit = DEFAULT_LIMIT, cursor, from, to, kind, key, by } = query;
    const rows = await readChanges({
      limit,
      ...(kind === undefined ? {} : { kind }),
      ...(key === undefined ? {} : { key }),
      ...(by === undefined ? {} : { by }),
      ...(from === undefined ? {} : { from: new Date(from) }),
      ...(to === undefined ? {} : { to: new Date(to) }),
      ...(cursor === undefined ? {} : { after: positionOf(cursor) }),
    });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const isMore = rows.length > limit && last !== undefined;
    return {
      items: page.map(changeView),
      next_cursor: isMore ? encodeCursor(LIST, [last.changed_at.toISOString(), last.change_id]) : null,
    };
  }
}

function positionOf(cursor: string): { changedAt: Date; changeId: string } {
  const [at = '', changeId = ''] = decodeCursor(LIST, cursor, 2);
  const changedAt = new Date(at);
  if (Number.isNaN(changedAt.getTime()) || !isUuid(changeId)) {
    throw unknownCursor();
  }
  return { changedAt, changeId };
}

const changeView = (row: ChangeLogRow): ChangeDto => ({
  change_id: row.change_id,
  changed_at: row.changed_at.toISOString(),
  changed_by: row.changed_by,
  kind: row.object_kind,
  key: row.object_key,
  before: row.before_json === null ? null : JSON.parse(row.before_json),
  after: row.after_json === null ? null : JSON.parse(row.after_json),
});
