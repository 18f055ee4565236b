import { ApiProperty } from '@nestjs/swagger';
import {
  candidatesReport,
  cashSlottingReport,
  COMPARISON_COLUMNS,
  existingDispositionReport,
  guideReport,
  kickoutsReport,
  poolingGuideReport,
  RECAP_COLUMNS,
  switchingReport,
  type Freshness,
  type RecapTotals,
  type ReportColumn,
  type SummaryReport,
} from '@powerfill/core/reports';

const object = { type: 'object', additionalProperties: true } as const;

type Schema = { type: 'object'; properties: Record<string, object>; required: string[] };

/** Schema of a column's values. */
function schemaOf({ content }: ReportColumn<never>): object {
  switch (content.kind) {
    case 'decimal':
      return { type: 'string', nullable: true, pattern: `^-?\\d+\\.\\d{${content.scale}}$` };
    case 'whole':
      return { type: 'integer', nullable: true };
    case 'flag':
      return { type: 'boolean', nullable: true };
    case 'date':
      return { type: 'string', format: 'date', nullable: true };
    case 'timestamp':
      return { type: 'string', format: 'date-time', nullable: true };
    case 'json':
      return { nullable: true, description: 'A list or an object' };
    default:
      return { type: 'string', nullable: true };
  }
}

const listOf = (columns: readonly ReportColumn<never>[]): { type: 'array'; items: Schema } => ({
  type: 'array',
  items: {
    type: 'object',
    properties: Object.fromEntries(columns.map((column) => [column.name, schemaOf(column)])),
    required: columns.map(({ name }) => name),
  },
});

/** How a report relates to what the tenant has now. */
export class FreshnessDto {
  @ApiProperty({ enum: ['current', 'superseded', 'terminal_empty'] })
  verdict!: Freshness['verdict'];
  @ApiProperty({ format: 'uuid' })
  run_id!: string;
  @ApiProperty({ example: 'Complete' })
  status!: string;
  @ApiProperty({ format: 'date-time' })
  submitted_at!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  completed_at!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Why there are no rows' })
  note!: string | null;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  links!: Record<string, string>;
}

class ReportDto {
  @ApiProperty({ type: FreshnessDto })
  freshness!: FreshnessDto;
}

class PagedReportDto extends ReportDto {
  @ApiProperty({ type: String, nullable: true, description: 'Null on the last page' })
  next_cursor!: string | null;
}

/** One row per placed loan. */
export class GuideDto extends PagedReportDto {
  @ApiProperty(listOf(guideReport.columns))
  items!: Record<string, unknown>[];
}

/** Dollars of one kickout code. */
export class KickoutDollarsDto {
  @ApiProperty({ example: 'NO_ROOM' })
  code!: string;
  @ApiProperty({ example: 12 })
  loans!: number;
  @ApiProperty({ example: '3250000.00' })
  amount!: string;
}

/** One row per loan without a trade. */
export class KickoutsDto extends PagedReportDto {
  @ApiProperty({ type: [KickoutDollarsDto] })
  dollars_by_code!: KickoutDollarsDto[];
  @ApiProperty(listOf(kickoutsReport.columns))
  items!: Record<string, unknown>[];
}

/** One row per loan that changes its trade. */
export class SwitchingDto extends PagedReportDto {
  @ApiProperty(listOf(switchingReport.columns))
  items!: Record<string, unknown>[];
}

/** One row per candidate, the best of each loan first. */
export class CandidatesDto extends PagedReportDto {
  @ApiProperty(listOf(candidatesReport.columns))
  items!: Record<string, unknown>[];
}

/** One row per pool of today. */
export class DispositionDto extends PagedReportDto {
  @ApiProperty(listOf(existingDispositionReport.columns))
  items!: Record<string, unknown>[];
}

/** One row per pool after the run. */
export class PoolingGuideDto extends PagedReportDto {
  @ApiProperty(listOf(poolingGuideReport.columns))
  items!: Record<string, unknown>[];
}

/** One row per note rate of a cash trade. */
export class CashSlottingDto extends PagedReportDto {
  @ApiProperty(listOf(cashSlottingReport.columns))
  items!: Record<string, unknown>[];
}

/** What changed between two runs. */
export class ComparisonDto extends PagedReportDto {
  @ApiProperty({ format: 'uuid' })
  before_run_id!: string;
  @ApiProperty({ ...object, description: '`worth_change` less `pair_off_change` is `objective_change`' })
  totals!: object;
  @ApiProperty({ type: 'array', items: object, description: 'Fill, status and pair-off of each trade in both runs' })
  trades!: object[];
  @ApiProperty(listOf(COMPARISON_COLUMNS))
  items!: Record<string, unknown>[];
}

/** One row per trade. */
export class RecapDto extends ReportDto {
  @ApiProperty({ format: 'date' })
  as_of_date!: string;
  @ApiProperty(listOf(RECAP_COLUMNS))
  trades!: Record<string, unknown>[];
  @ApiProperty({ ...object, description: 'Totals: `all`, `by_product`, `by_coupon`, `by_month`' })
  totals!: RecapTotals;
}

/** The run on one page. */
export class SummaryDto extends ReportDto {
  @ApiProperty({ format: 'date' })
  as_of_date!: string;
  @ApiProperty({ ...object, nullable: true })
  counts!: object | null;
  @ApiProperty({ ...object, nullable: true })
  certificate!: object | null;
  @ApiProperty({ ...object, nullable: true })
  dollars_by_outcome!: object | null;
  @ApiProperty({ type: 'array', items: object, nullable: true })
  fill_by_trade_type!: object[] | null;
  @ApiProperty({ ...object, description: 'Dollars by price term; they add up to `price` and `prx_plus_carry`' })
  value_by_price_term!: SummaryReport['value_by_price_term'];
  @ApiProperty({ type: 'array', items: object, description: 'Long and short by coupon and month' })
  position!: object[];
  @ApiProperty({ type: 'array', items: object, description: 'Trades over loans, percent by product' })
  coverage!: object[];
  @ApiProperty({ type: [KickoutDollarsDto] })
  kickout_dollars_by_code!: KickoutDollarsDto[];
  @ApiProperty({ ...object, nullable: true, description: "Cost of the desk's constraint order, low and high" })
  order_cost_usd!: object | null;
  @ApiProperty({ ...object, nullable: true })
  change_against_previous!: object | null;
  @ApiProperty({ type: 'array', items: object })
  suggested_trades!: object[];
  @ApiProperty({ type: 'array', items: object })
  warnings!: object[];
}
