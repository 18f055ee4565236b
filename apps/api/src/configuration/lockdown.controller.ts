import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, UseInterceptors } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type LockdownEntry, LockdownService } from '@powerfill/core/configuration';
import { AnswerBound } from '../http/answer-bound';
import { ApiProblems, ApiTenant } from '../http/api-docs';
import { NamePipe } from '../http/name.pipe';
import { Subject } from '../http/request-headers';
import { BodyPipe } from '../http/validation';
import { LockdownBulkDto, LockdownDto, LockdownListDto, LockdownRowDto } from './lockdown.dto';

const Pool = () => Param('pool_name', new NamePipe('pool_name', 30));

const entryOf = (poolName: string, { trade_id: tradeId, lock_pool: lock }: LockdownDto): LockdownEntry => ({
  pool_name: poolName,
  trade_id: tradeId ?? null,
  lock_pool: lock,
});

/** Which pools a run may not touch. */
@ApiTags('Configuration')
@ApiTenant()
@UseInterceptors(AnswerBound)
@Controller('api/powerfill/lockdown')
export class LockdownController {
  constructor(private readonly lockdown: LockdownService) {}

  @Get()
  @ApiOperation({ summary: 'The lockdown guide' })
  @ApiOkResponse({ type: LockdownListDto })
  async list(): Promise<{ items: readonly unknown[] }> {
    return { items: await this.lockdown.list() };
  }

  @Post('bulk')
  @HttpCode(200)
  @ApiOperation({ summary: 'Sets several pools, all of them or none' })
  @ApiOkResponse({ type: LockdownListDto })
  @ApiProblems('invalid_request', 'invalid_json', 'payload_too_large', 'reference_unknown', 'unsupported_media_type')
  async bulk(
    @Body(new BodyPipe()) body: LockdownBulkDto,
    @Subject() by: string,
  ): Promise<{ items: readonly unknown[] }> {
    const entries = body.items.map((item) => entryOf(item.pool_name, item));
    return { items: await this.lockdown.set(entries, by) };
  }

  @Put(':pool_name')
  @ApiOperation({ summary: 'Sets a pool; overrules what upstream says' })
  @ApiOkResponse({ type: LockdownRowDto })
  @ApiProblems('invalid_request', 'invalid_json', 'payload_too_large', 'reference_unknown', 'unsupported_media_type')
  async put(
    @Pool() poolName: string,
    @Body(new BodyPipe()) body: LockdownDto,
    @Subject() by: string,
  ): Promise<unknown> {
    const [row] = await this.lockdown.set([entryOf(poolName, body)], by);
    return row;
  }

  @Delete(':pool_name')
  @HttpCode(204)
  @ApiOperation({ summary: "Takes back the desk's word on a pool" })
  @ApiNoContentResponse()
  @ApiProblems('invalid_request', 'object_not_found', 'upstream_owned')
  remove(@Pool() poolName: string, @Subject() by: string): Promise<void> {
    return this.lockdown.remove(poolName, by);
  }
}
