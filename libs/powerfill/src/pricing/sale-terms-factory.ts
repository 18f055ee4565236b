import { NEVER, type ConditionSet } from '../eligibility/condition-set';
import type { BuyUpDownGridRow, InstrumentRow, PriceAdjustmentRow } from '../entities';
import { foldString } from '../rules';
import type { RunInput } from '../steps/run-input';
import { StepError } from '../steps/run-step';
import type { CashGrid, PricedTrade, SyntheticTrade } from '../steps/step-results';
import type { BuyUpDownTerms } from './buy-up-down';
import { CarryBook, type CarryCurve } from './carry';
import { dayNumber, type DayCalendar } from './day-calendar';
import { inForce } from './in-force';
import type { TradeType } from './pair-off';
import type { AdjustmentTerms, InstrumentTerms, SaleTerms, Servicing, StoryTerms } from './sale-terms';
import { quotePoints, type StoryBook } from './stories';

/** Business days before settlement by which pools are named to the buyer (48-hour rule). */
export const NOTIFICATION_DAYS = 2;
const DEFAULT_SERVICING: Servicing = 'retained';
const GOVERNMENT = ['fha', 'va', 'usda'];

/** Note rates a synthetic cash sale takes, both included, in 1e-6 percent. */
export interface RateBand {
  readonly lowest: number;
  readonly highest: number;
}

/** Looks up everything a sale of a loan depends on, once per trade and synthetic trade. */
export class SaleTermsFactory {
  readonly carry: CarryBook;
  private readonly instruments = new Map<string, InstrumentTerms>();
  private readonly grid: ReadonlyMap<string, BuyUpDownGridRow>;
  private readonly adjustments: readonly PriceAdjustmentRow[];

  constructor(
    private readonly input: RunInput,
    private readonly days: DayCalendar,
    private readonly stories: StoryBook,
    private readonly conditions: ConditionSet,
  ) {
    this.carry = new CarryBook(input.carryCost, input.carryCurves);
    this.grid = inForce(input.buyUpDownGrid, (row) => gridKey(row.investor_instrument_name, row.coupon), input.asOf);
    this.adjustments = [
      ...inForce(
        input.priceAdjustments,
        (row) => `${row.investor_instrument_name}|${row.adj_name}`,
        input.asOf,
      ).values(),
    ];
  }

  /** How many instruments have been met so far. */
  get instrumentCount(): number {
    return this.instruments.size;
  }

  /** Terms of a trade of the run; `grid` is its effective grid, for cash trades. */
  ofTrade({ trade, instrument, price }: PricedTrade, grid: CashGrid | null): SaleTerms {
    const tradeType = trade.trade_type as TradeType;
    const isSecurity = tradeType === 'mbs';
    const name = instrument.investor_instrument_name;
    return {
      id: trade.trade_id,
      ...this.common(instrument, tradeType, trade.settlement_date, trade.coupon),
      story: isBlank(trade.story) ? null : this.storyOf(name, trade.coupon, trade.story),
      contractPayup: isBlank(trade.story) ? 0 : (trade.contract_payup ?? 0),
      loanPayups:
        !isSecurity && trade.pays_loan_payups === true && isBlank(trade.story) && trade.coupon !== null
          ? this.stories.payups(name, trade.coupon)
          : [],
      servicing: servicingOf(trade.servicing),
      priceIncludesPremium: trade.price_includes_srp ?? false,
      leadDays: trade.lead_days ?? 0,
      turnDays: trade.turn_days ?? 0,
      flatPrice: isSecurity ? price : null,
      grid: isSecurity ? null : grid,
      interpolates: trade.interpolate ?? false,
      ...(isSecurity ? securityBand(instrument, trade.coupon) : gridBand(grid, tradeType)),
    };
  }

  /**
   * Terms of a synthetic trade: its price is all it pays for the coupon and story, so no pay-up comes on top. A cash
   * one takes `band`; without a contract there are no lead or turn days.
   */
  ofSynthetic(synthetic: SyntheticTrade, band: RateBand): SaleTerms {
    const { instrument, coupon, story } = synthetic;
    const tradeType: TradeType = isSecurityInstrument(instrument) ? 'mbs' : 'wl';
    return {
      id: synthetic.id,
      ...this.common(instrument, tradeType, synthetic.settlementDate, coupon),
      story: isBlank(story) ? null : this.storyOf(instrument.investor_instrument_name, coupon, story),
      contractPayup: 0,
      loanPayups: [],
      servicing: synthetic.servicing,
      priceIncludesPremium: false,
      leadDays: 0,
      turnDays: 0,
      flatPrice: synthetic.price,
      grid: null,
      interpolates: false,
      ...(tradeType === 'mbs'
        ? securityBand(instrument, coupon)
        : { lowestRate: band.lowest, highestRate: band.highest }),
    };
  }

  private common(instrument: InstrumentRow, tradeType: TradeType, settlementDate: string, coupon: number | null) {
    const settlementDay = dayNumber(settlementDate);
    const isSecurity = tradeType === 'mbs';
    return {
      tradeType,
      instrument: this.instrument(instrument),
      coupon,
      settlementDate,
      settlementDay,
      readyByDay: isSecurity ? this.days.addBusinessDays(settlementDay, -NOTIFICATION_DAYS) : settlementDay,
      certifyByDay:
        instrument.cert_days === null ? null : this.days.addBusinessDays(settlementDay, -instrument.cert_days),
      buyUpDown: isSecurity && coupon !== null ? this.buyUpDownOf(instrument.investor_instrument_name, coupon) : null,
      curve: this.curveOf(instrument.investor_instrument_name),
    };
  }

  private instrument(row: InstrumentRow): InstrumentTerms {
    const name = row.investor_instrument_name;
    let terms = this.instruments.get(name);
    if (terms === undefined) {
      const agencies = listOf(row.agency);
      const ginnie = agencies?.has('gnma') === true || foldString(row.program).startsWith('gn');
      terms = {
        row,
        index: this.instruments.size,
        ginnie,
        products: listOf(row.product),
        agencyTypes: agencyTypesOf(row.agency_type),
        amortTypes: listOf(row.amort_type),
        underwriting: agencies === null || ginnie ? null : new Set([...agencies, 'both']),
        adjustments: this.adjustmentsOf(name, (kind) => kind !== 'srp'),
        premiums: this.adjustmentsOf(name, (kind) => kind === 'srp'),
      };
      this.instruments.set(name, terms);
    }
    return terms;
  }

  private adjustmentsOf(instrument: string, wanted: (kind: string) => boolean): AdjustmentTerms[] {
    return this.adjustments
      .filter((row) => row.investor_instrument_name === instrument && wanted(foldString(row.kind)))
      .map((row) => ({
        name: row.adj_name,
        condition: this.conditions.add(row.condition_text, 'loan', `Price adjustment ${row.adj_name} of ${instrument}`),
        points: quotePoints(row.quote, row.div_by),
      }));
  }

  private storyOf(instrument: string, coupon: number | null, name: string): StoryTerms {
    return this.stories.story(instrument, coupon, name) ?? { name, condition: NEVER, highBalance: false };
  }

  private buyUpDownOf(instrument: string, coupon: number): BuyUpDownTerms | null {
    const row = this.grid.get(gridKey(instrument, coupon));
    if (row === undefined) return null;
    return {
      guaranteeFee: row.guarantee_fee,
      buyUpMultiple: row.buy_up_multiple,
      buyDownMultiple: row.buy_down_multiple,
    };
  }

  private curveOf(instrument: string): CarryCurve | null {
    const curve = this.carry.curveOf(instrument);
    if (curve === null && this.input.options.price_mode === 'price_plus_carry') {
      throw new StepError(
        'CARRY_CURVE_MISSING',
        `Instrument ${instrument} has no carry cost, nor has "*": add a curve or run with price_mode "price".`,
      );
    }
    return curve;
  }
}

/** Whether an instrument is a security, priced by coupon; all others are whole loans, priced by note rate. */
export const isSecurityInstrument = ({ instrument_type }: InstrumentRow): boolean =>
  foldString(instrument_type) === 'mbs';

/** `retained` unless a trade says `released`. */
export const servicingOf = (text: string | null): Servicing =>
  foldString(text ?? '') === 'released' ? 'released' : DEFAULT_SERVICING;

const isBlank = (text: string | null): text is null | '' => text === null || text.trim() === '';

const gridKey = (instrument: string, coupon: number): string => `${instrument}|${coupon}`;

/** Folded members of a comma list; null for an empty one. */
function listOf(text: string | null): ReadonlySet<string> | null {
  const items = (text ?? '').split(',').map((item) => foldString(item.trim()));
  const members = items.filter((item) => item !== '');
  return members.length === 0 ? null : new Set(members);
}

function agencyTypesOf(text: string | null): ReadonlySet<string> | null {
  const types = listOf(text);
  return types?.has('government') === true ? new Set([...types, ...GOVERNMENT]) : types;
}

function securityBand(instrument: InstrumentRow, coupon: number | null) {
  return {
    lowestRate: coupon === null || instrument.min_spread === null ? -Infinity : coupon + instrument.min_spread,
    highestRate: coupon === null || instrument.max_spread === null ? Infinity : coupon + instrument.max_spread,
  };
}

/** The posted grid. A best-efforts trade may have none, since its loans bring their own prices. */
function gridBand(grid: CashGrid | null, tradeType: TradeType) {
  const lowest = grid?.rates[0];
  const highest = grid?.rates.at(-1);
  if (lowest !== undefined && highest !== undefined) return { lowestRate: lowest, highestRate: highest };
  return tradeType === 'be'
    ? { lowestRate: -Infinity, highestRate: Infinity }
    : { lowestRate: Infinity, highestRate: -Infinity };
}
