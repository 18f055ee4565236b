import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { CarryCostService, type CarryCurveView } from '@powerfill/core/configuration';
import { AnswerBound } from '../http/answer-bound';
import { ApiProblems, ApiTenant } from '../http/api-docs';
import { NamePipe, NumberPipe } from '../http/name.pipe';
import { Subject } from '../http/request-headers';
import { BodyPipe, queryPipe } from '../http/validation';
import { IsName, Optional } from '../http/validators';
import {
  CarryBucketDto,
  CarryCurveDto,
  CarryCurvesDto,
  CarryPreviewAnswerDto,
  CarryPreviewDto,
  LAST_DAY,
} from './carry-cost.dto';
import { PERCENT, scaled } from './decimal-input';

class CarryQuery {
  @Optional()
  @IsName(40)
  @ApiPropertyOptional({ example: 'GNII30' })
  instrument?: string;
}

const rate = (value: string | number): number => scaled(value, PERCENT) ?? 0;
const Instrument = () => Param('instrument', new NamePipe('instrument', 40));
const OnDay = () => Param('on_day', new NumberPipe('on_day', LAST_DAY));

/** What funding a loan costs, by days until delivery. */
@ApiTags('Configuration')
@ApiTenant()
@UseInterceptors(AnswerBound)
@Controller('api/powerfill/carry-cost')
export class CarryCostController {
  constructor(private readonly carry: CarryCostService) {}

  @Get()
  @ApiOperation({ summary: 'The carry curves' })
  @ApiOkResponse({ type: CarryCurvesDto })
  @ApiProblems('invalid_request')
  async list(@Query(queryPipe()) { instrument }: CarryQuery): Promise<{ items: readonly CarryCurveView[] }> {
    return { items: await this.carry.list(instrument) };
  }

  @Post('preview')
  @HttpCode(200)
  @ApiOperation({ summary: 'Carry by day count, from the stored curve or from buckets to be tried; nothing is stored' })
  @ApiOkResponse({ type: CarryPreviewAnswerDto })
  @ApiProblems('invalid_request', 'invalid_json', 'payload_too_large', 'object_not_found', 'unsupported_media_type')
  preview(@Body(new BodyPipe()) body: CarryPreviewDto) {
    const { investor_instrument_name: instrument, note_rate: noteRate, days, buckets } = body;
    return this.carry.preview({
      investor_instrument_name: instrument,
      note_rate: rate(noteRate),
      days,
      ...(buckets === undefined
        ? {}
        : { buckets: buckets.map((bucket) => ({ ...bucket, annual_rate: rate(bucket.annual_rate) })) }),
    });
  }

  @Put(':instrument/:on_day')
  @ApiOperation({ summary: 'Stores a bucket; answers the curve with its warnings' })
  @ApiOkResponse({ type: CarryCurveDto })
  @ApiProblems('invalid_request', 'invalid_json', 'payload_too_large', 'unsupported_media_type')
  put(
    @Instrument() instrument: string,
    @OnDay() onDay: number,
    @Body(new BodyPipe()) body: CarryBucketDto,
    @Subject() by: string,
  ): Promise<CarryCurveView> {
    const row = {
      investor_instrument_name: instrument,
      on_day: onDay,
      to_day: body.to_day,
      annual_rate: rate(body.annual_rate),
    };
    return this.carry.put(row, by);
  }

  @Delete(':instrument/:on_day')
  @ApiOperation({ summary: 'Removes a bucket; answers the curve with its warnings' })
  @ApiOkResponse({ type: CarryCurveDto })
  @ApiProblems('invalid_request', 'object_not_found')
  remove(@Instrument() instrument: string, @OnDay() onDay: number, @Subject() by: string): Promise<CarryCurveView> {
    return this.carry.remove({ investor_instrument_name: instrument, on_day: onDay }, by);
  }
}
