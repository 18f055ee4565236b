import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Res, UseInterceptors } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import {
  type ConstraintKey,
  ConstraintRulesService,
  ConstraintsService,
  type ConstraintTermsInput,
  type ConstraintTree,
  type ConstraintView,
} from '@powerfill/core/configuration';
import type { Response } from 'express';
import { AnswerBound } from '../http/answer-bound';
import { ApiProblems, ApiTenant } from '../http/api-docs';
import { IfMatchVersion, versionTag } from '../http/if-match';
import { NamePipe } from '../http/name.pipe';
import { Subject } from '../http/request-headers';
import { BodyPipe } from '../http/validation';
import {
  AttachRuleDto,
  ConstraintDto,
  ConstraintRulesDto,
  ConstraintTermsDto,
  ConstraintTreeDto,
  NewConstraintDto,
  ReprioritizeDto,
} from './constraint.dto';
import { DOLLARS, scaled } from './decimal-input';

const ONE = ':investor_id/:investor_instrument_name/:constraint_name';
const Investor = () => Param('investor_id', new NamePipe('investor_id', 30));
const Instrument = () => Param('investor_instrument_name', new NamePipe('investor_instrument_name', 40));
const Name = () => Param('constraint_name', new NamePipe('constraint_name', 60));

const keyOf = (investor: string, instrument: string, name: string): ConstraintKey => ({
  investor_id: investor,
  investor_instrument_name: instrument,
  constraint_name: name,
});

const termsOf = (body: ConstraintTermsDto): ConstraintTermsInput => ({
  constraint_priority: body.constraint_priority,
  lo_limit: scaled(body.lo_limit, DOLLARS),
  hi_limit: scaled(body.hi_limit, DOLLARS),
  trade_condition: body.trade_condition ?? null,
});

const ApiIfMatch = () =>
  ApiHeader({
    name: 'If-Match',
    required: true,
    example: '"1"',
    description: '`row_version` the change was made from',
  });

/** Which loans may go to which trades, and in which order. */
@ApiTags('Configuration')
@ApiTenant()
@UseInterceptors(AnswerBound)
@Controller('api/powerfill/constraints')
export class ConstraintsController {
  constructor(
    private readonly constraints: ConstraintsService,
    private readonly rules: ConstraintRulesService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The constraint tree: investor, instrument, constraint' })
  @ApiOkResponse({ type: ConstraintTreeDto })
  tree(): Promise<ConstraintTree> {
    return this.constraints.tree();
  }

  @Post()
  @ApiOperation({ summary: 'Adds a constraint' })
  @ApiCreatedResponse({ type: ConstraintDto })
  @ApiProblems(
    'invalid_request',
    'invalid_json',
    'payload_too_large',
    'already_exists',
    'invalid_rule',
    'unsupported_media_type',
  )
  async create(
    @Body(new BodyPipe()) body: NewConstraintDto,
    @Subject() by: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ConstraintView> {
    const { investor_id: investor, investor_instrument_name: instrument, constraint_name: name } = body;
    const created = await this.constraints.create(keyOf(investor, instrument, name), termsOf(body), by);
    const path = [investor, instrument, name].map(encodeURIComponent).join('/');
    response.setHeader('Location', `/api/powerfill/constraints/${path}`);
    return tagged(response, created);
  }

  @Post('reprioritize')
  @HttpCode(200)
  @ApiOperation({ summary: 'Gives every constraint its place in the order' })
  @ApiOkResponse({ type: ConstraintTreeDto })
  @ApiProblems('invalid_request', 'invalid_json', 'payload_too_large', 'precondition_failed', 'unsupported_media_type')
  reprioritize(@Body(new BodyPipe()) body: ReprioritizeDto, @Subject() by: string): Promise<ConstraintTree> {
    return this.constraints.reprioritize(body.collection_token, body.order, by);
  }

  @Get(ONE)
  @ApiOperation({ summary: 'Reads a constraint' })
  @ApiOkResponse({ type: ConstraintDto })
  @ApiProblems('invalid_request', 'object_not_found')
  async read(
    @Investor() investor: string,
    @Instrument() instrument: string,
    @Name() name: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ConstraintView> {
    return tagged(response, await this.constraints.get(keyOf(investor, instrument, name)));
  }

  @Put(ONE)
  @ApiOperation({ summary: 'Replaces what a constraint says' })
  @ApiIfMatch()
  @ApiOkResponse({ type: ConstraintDto })
  @ApiProblems(
    'invalid_request',
    'invalid_json',
    'payload_too_large',
    'object_not_found',
    'precondition_failed',
    'precondition_required',
  )
  @ApiProblems('invalid_rule', 'unsupported_media_type')
  async update(
    @Investor() investor: string,
    @Instrument() instrument: string,
    @Name() name: string,
    @IfMatchVersion() version: number,
    @Body(new BodyPipe()) body: ConstraintTermsDto,
    @Subject() by: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ConstraintView> {
    const key = keyOf(investor, instrument, name);
    return tagged(response, await this.constraints.update(key, version, termsOf(body), by));
  }

  @Delete(ONE)
  @HttpCode(204)
  @ApiOperation({ summary: 'Removes a constraint that has no rules attached' })
  @ApiIfMatch()
  @ApiNoContentResponse()
  @ApiProblems('invalid_request', 'object_not_found', 'precondition_failed', 'precondition_required')
  @ApiProblems('constraint_has_rules')
  remove(
    @Investor() investor: string,
    @Instrument() instrument: string,
    @Name() name: string,
    @IfMatchVersion() version: number,
    @Subject() by: string,
  ): Promise<void> {
    return this.constraints.remove(keyOf(investor, instrument, name), version, by);
  }

  @Get(`${ONE}/sec-rules`)
  @ApiOperation({ summary: 'The securitization rules of a constraint' })
  @ApiOkResponse({ type: ConstraintRulesDto })
  @ApiProblems('invalid_request', 'object_not_found')
  async listRules(
    @Investor() investor: string,
    @Instrument() instrument: string,
    @Name() name: string,
  ): Promise<{ items: readonly unknown[] }> {
    return { items: await this.rules.list(keyOf(investor, instrument, name)) };
  }

  @Post(`${ONE}/sec-rules`)
  @ApiOperation({ summary: 'Attaches a rule that parses against the loan columns' })
  @ApiCreatedResponse({ schema: { type: 'object', additionalProperties: true } })
  @ApiProblems(
    'invalid_request',
    'invalid_json',
    'payload_too_large',
    'object_not_found',
    'already_exists',
    'reference_unknown',
  )
  @ApiProblems('invalid_rule', 'precondition_failed', 'unsupported_media_type')
  attach(
    @Investor() investor: string,
    @Instrument() instrument: string,
    @Name() name: string,
    @Body(new BodyPipe()) body: AttachRuleDto,
    @Subject() by: string,
  ): Promise<unknown> {
    return this.rules.attach(keyOf(investor, instrument, name), body.rule_name, by);
  }

  @Delete(`${ONE}/sec-rules/:rule_name`)
  @HttpCode(204)
  @ApiOperation({ summary: 'Takes a rule off a constraint' })
  @ApiNoContentResponse()
  @ApiProblems('invalid_request', 'object_not_found', 'precondition_failed')
  detach(
    @Investor() investor: string,
    @Instrument() instrument: string,
    @Name() name: string,
    @Param('rule_name', new NamePipe('rule_name', 40)) rule: string,
    @Subject() by: string,
  ): Promise<void> {
    return this.rules.detach(keyOf(investor, instrument, name), rule, by);
  }
}

/** Names the version in the header ETag too. */
function tagged(response: Response, view: ConstraintView): ConstraintView {
  response.setHeader('ETag', versionTag(Number(view['row_version'])));
  return view;
}
