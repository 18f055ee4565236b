import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsOptional, Matches, ValidateNested } from 'class-validator';
import { IsExactDecimal, IsItems, IsKey, IsName, IsShortText, IsWhole } from '../http/validators';
import { DOLLARS } from './decimal-input';

const HIGHEST_PRIORITY = 1_000_000;
const MOST_CONSTRAINTS = 2_000;
const decimal = { oneOf: [{ type: 'string' }, { type: 'number' }], nullable: true };

/** Key of a constraint. */
export class ConstraintKeyDto {
  @IsKey()
  @ApiProperty({ example: 'FNMA' })
  investor_id!: string;

  @IsName(40)
  @ApiProperty({ example: 'UMBS30' })
  investor_instrument_name!: string;

  @IsName(60)
  @ApiProperty({ example: 'December TBA' })
  constraint_name!: string;
}

/** What a constraint says; what is left out is null. */
export class ConstraintTermsDto {
  @IsWhole(0, HIGHEST_PRIORITY)
  @ApiProperty({ minimum: 0, maximum: HIGHEST_PRIORITY, example: 60, description: 'Lower goes first' })
  constraint_priority!: number;

  @IsOptional()
  @IsExactDecimal(DOLLARS)
  @ApiPropertyOptional({ ...decimal, example: '85000.00', description: 'Least amount of a loan, dollars' })
  lo_limit?: string | number | null;

  @IsOptional()
  @IsExactDecimal(DOLLARS)
  @ApiPropertyOptional({ ...decimal, description: 'Largest amount of a loan, dollars' })
  hi_limit?: string | number | null;

  @IsOptional()
  @IsShortText(2_000)
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: "settlement_month = '2026-12'",
    description: 'Rule over trade columns and settlement_month; null = every trade of the instrument',
  })
  trade_condition?: string | null;
}

/** A new constraint. */
export class NewConstraintDto extends IntersectionType(ConstraintKeyDto, ConstraintTermsDto) {}

/** A constraint's place in the order. */
export class ConstraintPlaceDto extends ConstraintKeyDto {
  @IsWhole(0, HIGHEST_PRIORITY)
  @ApiProperty({ minimum: 0, maximum: HIGHEST_PRIORITY, example: 60 })
  constraint_priority!: number;
}

/** The whole order of constraints. */
export class ReprioritizeDto {
  @Matches(/^[0-9a-f]{64}$/, { message: 'must be the collection_token of the tree' })
  @ApiProperty({ description: '`collection_token` of the tree the order was made from' })
  collection_token!: string;

  @IsItems(0, MOST_CONSTRAINTS)
  @ValidateNested({ each: true })
  @Type(() => ConstraintPlaceDto)
  @ApiProperty({ type: [ConstraintPlaceDto], description: 'Every constraint once' })
  order!: ConstraintPlaceDto[];
}

/** A rule to attach. */
export class AttachRuleDto {
  @IsName(40)
  @ApiProperty({ example: 'hb_10pct' })
  rule_name!: string;
}

/** A constraint as it is stored. */
export class ConstraintDto extends ConstraintKeyDto {
  @ApiProperty({ example: 60 })
  constraint_priority!: number;
  @ApiProperty({ type: String, nullable: true, example: '85000.00' })
  lo_limit!: string | null;
  @ApiProperty({ type: String, nullable: true })
  hi_limit!: string | null;
  @ApiProperty({ type: String, nullable: true })
  trade_condition!: string | null;
  @ApiProperty({ example: 3, description: 'For If-Match; also in the header ETag' })
  row_version!: number;
  @ApiProperty({ type: [String], description: 'Names of the rules attached' })
  rules!: string[];
}

class InstrumentNodeDto {
  @ApiProperty()
  investor_instrument_name!: string;
  @ApiProperty({ type: [ConstraintDto] })
  constraints!: ConstraintDto[];
}

class InvestorNodeDto {
  @ApiProperty()
  investor_id!: string;
  @ApiProperty({ type: [InstrumentNodeDto] })
  instruments!: InstrumentNodeDto[];
}

/** Investors, their instruments, their constraints. */
export class ConstraintTreeDto {
  @ApiProperty({ description: 'SHA-256 of the ordered keys, priorities and row versions' })
  collection_token!: string;
  @ApiProperty({ type: [InvestorNodeDto] })
  investors!: InvestorNodeDto[];
}

/** Rules of a constraint. */
export class ConstraintRulesDto {
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true } })
  items!: object[];
}
