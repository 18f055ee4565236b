import { ApiPropertyOptional } from '@nestjs/swagger';
import type { RunOptionsRequest } from '@powerfill/core/domain/run-options-resolution';
import {
  ALLOCATION_MODES,
  EFFORTS,
  MARKET_RESERVATION,
  MAX_CANDIDATES_KEPT,
  MAX_DAYS,
  MAX_LISTED_IDS,
  MAX_SEED,
  PRICE_FLOOR_RULE,
  PRICE_MODES,
  RESERVATION_RULE,
  SCOPES,
  SWITCH_COST_RULE,
} from '@powerfill/core/domain/run-options-rules';
import { IsOptional } from 'class-validator';
import { IsExactDecimal, IsKey, IsKeyList, IsOneOf, IsRealDate, IsWhole, Optional } from '../http/validators';

/** Body of a submission; what is left out has its default. */
export class RunOptionsDto implements RunOptionsRequest {
  @Optional()
  @IsOneOf(SCOPES)
  @ApiPropertyOptional({ enum: SCOPES, default: 'closed_and_locked' })
  scope?: (typeof SCOPES)[number];

  @IsOptional()
  @IsKey()
  @ApiPropertyOptional({ type: String, nullable: true, description: 'Least stage of a loan that has not closed' })
  min_status?: string | null;

  @Optional()
  @IsRealDate()
  @ApiPropertyOptional({ format: 'date', description: "Default: the tenant's business date" })
  as_of_date?: string;

  @IsOptional()
  @IsWhole(0, MAX_DAYS)
  @ApiPropertyOptional({ type: Number, nullable: true, minimum: 0, maximum: MAX_DAYS })
  max_eligible_days?: number | null;

  @Optional()
  @IsWhole(0, MAX_DAYS)
  @ApiPropertyOptional({ minimum: 0, maximum: MAX_DAYS, default: 90 })
  max_trade_settle_days?: number;

  @Optional()
  @IsOneOf(PRICE_MODES)
  @ApiPropertyOptional({ enum: PRICE_MODES, default: 'price_plus_carry' })
  price_mode?: (typeof PRICE_MODES)[number];

  @IsOptional()
  @IsExactDecimal(PRICE_FLOOR_RULE)
  @ApiPropertyOptional({
    oneOf: [{ type: 'string' }, { type: 'number' }],
    nullable: true,
    example: '95.00000000',
    description: 'Price of 100 par, at most 8 decimals',
  })
  bx_price_floor?: string | number | null;

  @Optional()
  @IsOneOf(ALLOCATION_MODES)
  @ApiPropertyOptional({ enum: ALLOCATION_MODES, default: 'priority' })
  allocation_mode?: (typeof ALLOCATION_MODES)[number];

  @Optional()
  @IsOneOf(EFFORTS)
  @ApiPropertyOptional({ enum: EFFORTS, default: 'standard' })
  effort?: (typeof EFFORTS)[number];

  @Optional()
  @IsWhole(0, MAX_SEED)
  @ApiPropertyOptional({ minimum: 0, maximum: MAX_SEED, default: 1 })
  seed?: number;

  @Optional()
  @IsExactDecimal(RESERVATION_RULE, MARKET_RESERVATION)
  @ApiPropertyOptional({
    oneOf: [{ type: 'string' }, { type: 'number' }],
    default: MARKET_RESERVATION,
    description: '"market" or a price; 0 places all that can be placed',
  })
  reservation_price?: string | number;

  @Optional()
  @IsExactDecimal(SWITCH_COST_RULE)
  @ApiPropertyOptional({
    oneOf: [{ type: 'string' }, { type: 'number' }],
    default: '0.0000',
    description: "Basis points of the loan's amount, at most 4 decimals",
  })
  switch_cost_bp?: string | number;

  @Optional()
  @IsWhole(0, MAX_CANDIDATES_KEPT)
  @ApiPropertyOptional({ minimum: 0, maximum: MAX_CANDIDATES_KEPT, default: 10, description: '0 = all' })
  candidates_kept_per_loan?: number;

  @IsOptional()
  @IsKeyList(1, MAX_LISTED_IDS)
  @ApiPropertyOptional({ type: [String], nullable: true, description: 'Only these loans' })
  loan_ids?: string[] | null;

  @IsOptional()
  @IsKeyList(1, MAX_LISTED_IDS)
  @ApiPropertyOptional({ type: [String], nullable: true, description: 'Only these trades' })
  trade_ids?: string[] | null;

  @IsOptional()
  @IsKeyList(0, MAX_LISTED_IDS)
  @ApiPropertyOptional({ type: [String], nullable: true, description: 'All loans but these' })
  exclude_loan_ids?: string[] | null;
}
