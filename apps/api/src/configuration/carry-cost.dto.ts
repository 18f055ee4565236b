import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ValidateBy, ValidateNested } from 'class-validator';
import { IsExactDecimal, IsItems, IsName, IsWhole, Optional } from '../http/validators';
import { PERCENT } from './decimal-input';

export const LAST_DAY = 3_650;
const MOST_DAYS = 100;
const decimal = { oneOf: [{ type: 'string' }, { type: 'number' }] };

const IsDayCounts = (): PropertyDecorator =>
  ValidateBy({
    name: 'isDayCounts',
    validator: {
      validate: (value) =>
        Array.isArray(value) &&
        value.length > 0 &&
        value.length <= MOST_DAYS &&
        value.every((day: unknown) => Number.isInteger(day) && (day as number) >= 0 && (day as number) <= LAST_DAY),
      defaultMessage: () => `must be a list of 1 to ${MOST_DAYS} whole numbers from 0 to ${LAST_DAY}`,
    },
  });

/** What a bucket says besides its first day. */
export class CarryBucketDto {
  @IsWhole(0, LAST_DAY)
  @ApiProperty({ minimum: 0, maximum: LAST_DAY, example: 30, description: 'Last day of the bucket' })
  to_day!: number;

  @IsExactDecimal(PERCENT)
  @ApiProperty({ ...decimal, example: '6.240000', description: 'Annual funding rate, percent' })
  annual_rate!: string | number;
}

/** A bucket of a curve. */
export class CarryCurveBucketDto extends CarryBucketDto {
  @IsWhole(0, LAST_DAY)
  @ApiProperty({ minimum: 0, maximum: LAST_DAY, example: 16 })
  on_day!: number;
}

/** A look at carry. */
export class CarryPreviewDto {
  @IsName(40)
  @ApiProperty({ example: 'UMBS30' })
  investor_instrument_name!: string;

  @IsExactDecimal(PERCENT)
  @ApiProperty({ ...decimal, example: '6.125', description: 'Percent' })
  note_rate!: string | number;

  @IsDayCounts()
  @ApiProperty({ type: [Number], example: [10, 30, 45] })
  days!: number[];

  @Optional()
  @IsItems(1, 100)
  @ValidateNested({ each: true })
  @Type(() => CarryCurveBucketDto)
  @ApiPropertyOptional({ type: [CarryCurveBucketDto], description: 'Buckets to try in place of the stored ones' })
  buckets?: CarryCurveBucketDto[];
}

/** Something odd about a curve. */
export class CarryWarningDto {
  @ApiProperty({ enum: ['overlap', 'gap', 'not_monotone', 'starts_late'] })
  code!: string;
  @ApiProperty()
  message!: string;
  @ApiProperty()
  on_day!: number;
}

/** A curve with its warnings. */
export class CarryCurveDto {
  @ApiProperty()
  investor_instrument_name!: string;
  @ApiProperty({ type: [CarryCurveBucketDto] })
  buckets!: CarryCurveBucketDto[];
  @ApiProperty({ type: [CarryWarningDto] })
  warnings!: CarryWarningDto[];
}

/** All curves. */
export class CarryCurvesDto {
  @ApiProperty({ type: [CarryCurveDto] })
  items!: CarryCurveDto[];
}

class CarryPreviewRowDto {
  @ApiProperty()
  days!: number;
  @ApiProperty({ example: '6.240000' })
  funding_rate!: string;
  @ApiProperty({ enum: ['inside', 'past_last', 'gap'] })
  fit!: string;
  @ApiProperty({ example: '-0.01666667', description: 'Points of 100 par' })
  carry!: string;
  @ApiProperty({ example: '-166.67', description: 'Dollars on $1,000,000' })
  carry_per_million!: string;
}

/** Carry by day count. */
export class CarryPreviewAnswerDto {
  @ApiProperty({ type: [CarryPreviewRowDto] })
  rows!: CarryPreviewRowDto[];
  @ApiProperty({ type: [CarryWarningDto] })
  warnings!: CarryWarningDto[];
}
