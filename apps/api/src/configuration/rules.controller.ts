import { Body, Controller, Get, HttpCode, Post, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { type RuleCheck, RuleCheckService, type TriedRule } from '@powerfill/core/configuration';
import { LOAN_RULE_COLUMNS, TRADE_RULE_COLUMNS } from '@powerfill/core/eligibility/rule-columns';
import { businessDate, currentTenant } from '@powerfill/tenancy';
import { IsOptional } from 'class-validator';
import { AnswerBound } from '../http/answer-bound';
import { ApiProblems, ApiTenant } from '../http/api-docs';
import { BodyPipe } from '../http/validation';
import { IsExactDecimal, IsName, IsOneOf, IsShortText } from '../http/validators';
import { scaled } from './decimal-input';

const KINDS = ['loan', 'pool', 'trade'] as const;
const LIMIT = { scale: 4, min: -99_999_999_999, max: 99_999_999_999 };

/** A rule to be tried. */
class RuleCheckDto {
  @IsOneOf(KINDS)
  @ApiProperty({ enum: KINDS, description: 'A condition on loans, a limit on pools, or a constraint on trades' })
  kind!: (typeof KINDS)[number];

  @IsOptional()
  @IsShortText(10_000)
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: "orig_loan_amount <= 125000 and property_state <> 'NY'",
  })
  condition_text?: string | null;

  @IsOptional()
  @IsName(10)
  @ApiPropertyOptional({ type: String, nullable: true, example: 'percent', description: 'Of a pool rule' })
  function?: string | null;

  @IsOptional()
  @IsName(60)
  @ApiPropertyOptional({ type: String, nullable: true, example: 'loan_amount', description: 'Of a pool rule' })
  column_name?: string | null;

  @IsOptional()
  @IsExactDecimal(LIMIT)
  @ApiPropertyOptional({ oneOf: [{ type: 'string' }, { type: 'number' }], nullable: true, example: 10 })
  limit_value?: string | number | null;

  @IsOptional()
  @IsName(10)
  @ApiPropertyOptional({ type: String, nullable: true, example: '<=' })
  limit_sense?: string | null;

  @IsOptional()
  @IsName(10)
  @ApiPropertyOptional({ type: String, nullable: true, example: 'each' })
  limit_scope?: string | null;
}

const object = { type: 'object', additionalProperties: true } as const;

/** What became of it. */
class RuleCheckAnswerDto {
  @ApiProperty()
  valid!: boolean;
  @ApiProperty({ ...object, nullable: true, description: 'code, message, position {offset, line, column}' })
  error!: object | null;
  @ApiProperty({ type: String, nullable: true })
  canonical!: string | null;
  @ApiProperty({ type: [String] })
  columns!: string[];
  @ApiProperty({ ...object, nullable: true })
  limit!: object | null;
  @ApiProperty({
    ...object,
    nullable: true,
    description: 'Loans (or trades) that pass, fail, or lack data, and dollars',
  })
  counts!: object | null;
}

/** What rules may be made of. */
class RuleLanguageDto {
  @ApiProperty({ type: [String] })
  functions!: string[];
  @ApiProperty(object)
  loan_columns!: object;
  @ApiProperty(object)
  trade_columns!: object;
}

/** The rule language; its grammar is in libs/powerfill/src/rules/README.md. */
@ApiTags('Configuration')
@ApiTenant()
@UseInterceptors(AnswerBound)
@Controller('api/powerfill/rules')
export class RulesController {
  constructor(private readonly rules: RuleCheckService) {}

  @Get()
  @ApiOperation({ summary: 'The functions and columns rules may use' })
  @ApiOkResponse({ type: RuleLanguageDto })
  language(): RuleLanguageDto {
    const kinds = (columns: typeof LOAN_RULE_COLUMNS) =>
      Object.fromEntries([...columns].map(([name, { kind }]) => [name, kind]));
    return {
      functions: [...this.rules.functions()],
      loan_columns: kinds(LOAN_RULE_COLUMNS),
      trade_columns: kinds(TRADE_RULE_COLUMNS),
    };
  }

  @Post('check')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Tries a rule; nothing is stored',
    description:
      'A rule that does not parse answers with the place; one that does, with how much of the pipeline passes.',
  })
  @ApiOkResponse({ type: RuleCheckAnswerDto })
  @ApiProblems('invalid_request', 'invalid_json', 'payload_too_large', 'unsupported_media_type')
  check(@Body(new BodyPipe()) body: RuleCheckDto): Promise<RuleCheck> {
    const rule: TriedRule = {
      kind: body.kind,
      condition_text: body.condition_text ?? null,
      function: body.function ?? null,
      column_name: body.column_name ?? null,
      limit_value: scaled(body.limit_value, LIMIT),
      limit_sense: body.limit_sense ?? null,
      limit_scope: body.limit_scope ?? null,
    };
    return this.rules.check(rule, Number(businessDate(currentTenant(), new Date()).slice(0, 4)));
  }
}
