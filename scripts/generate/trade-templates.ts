import type { SettlementMonth } from './sample-calendar';

/** Where a trade stands in the group table of sample-data.md. */
export type TradeGroup = 'umbs30_tba' | 'umbs15_tba' | 'gnii30_tba' | 'stip' | 'agency_cash' | 'bulk' | 'best_efforts';

export interface TradeTemplate {
  readonly group: TradeGroup;
  readonly instrument: string;
  /** Security coupon or reference note rate, percent. */
  readonly coupon: number;
  readonly month: SettlementMonth;
  /** Dollars. */
  readonly amount: number;
  readonly story?: string;
  /** Share of the amount delivered before today, in 1/1000. */
  readonly delivered?: number;
  /** Share of the amount paired off before today, in 1/1000. */
  readonly pairedOff?: number;
  /** Percent, where it differs from the group's. */
  readonly tolerance?: number;
  /** The investor's premium rows adjust the servicing premium loan by loan. */
  readonly premiumByLoan?: boolean;
}

type Extra = Pick<TradeTemplate, 'delivered' | 'pairedOff'>;

const MILLION = 1_000_000;

const tba =
  (group: TradeGroup, instrument: string) =>
  (coupon: number, amount: number, month: SettlementMonth = '2026-12', extra: Extra = {}): TradeTemplate => ({
    group,
    instrument,
    coupon,
    month,
    amount: amount * MILLION,
    ...extra,
  });

const umbs30 = tba('umbs30_tba', 'UMBS30');
const umbs15 = tba('umbs15_tba', 'UMBS15');
const gnii30 = tba('gnii30_tba', 'GNII30');

const stip = (story: string, coupon: number, amount: number, month: SettlementMonth = '2026-12'): TradeTemplate => ({
  ...tba('stip', 'UMBS30')(coupon, amount, month),
  story,
});

const cash = (
  instrument: string,
  coupon: number,
  amount: number,
  extra: Pick<TradeTemplate, 'story' | 'delivered' | 'pairedOff'> = {},
): TradeTemplate => ({ group: 'agency_cash', instrument, coupon, month: '2026-12', amount, ...extra });

const wholeLoans = (group: TradeGroup, instrument: string, amount: number): TradeTemplate => ({
  group,
  instrument,
  coupon: 6.25,
  month: '2026-12',
  amount,
});

/** The desk's sixty trades (sample-data.md): six of them part delivered and two part paired off. */
export const TRADE_TEMPLATES: readonly TradeTemplate[] = [
  umbs30(5, 15),
  umbs30(5, 8),
  umbs30(5, 12, '2027-01'),
  umbs30(5.5, 30, '2026-12', { delivered: 60 }),
  umbs30(5.5, 25),
  umbs30(5.5, 15),
  umbs30(5.5, 10, '2026-12', { delivered: 150 }),
  umbs30(5.5, 25, '2027-01'),
  umbs30(5.5, 15, '2027-01', { pairedOff: 100 }),
  umbs30(5.5, 10, '2027-02'),
  umbs30(6, 25),
  umbs30(6, 25, '2026-12', { delivered: 80 }),
  umbs30(6, 15),
  umbs30(6, 10, '2026-12', { delivered: 100 }),
  umbs30(6, 20, '2027-01'),
  umbs30(6, 15, '2027-01'),
  umbs30(6, 10, '2027-02'),
  umbs30(6.5, 12),
  umbs30(6.5, 8, '2027-01'),

  umbs15(4.5, 8),
  umbs15(5, 12),
  umbs15(5, 10, '2027-01'),
  umbs15(5.5, 10),

  gnii30(5, 20),
  gnii30(5.5, 40),
  gnii30(5.5, 30, '2026-12', { delivered: 60 }),
  gnii30(5.5, 30, '2027-01'),
  gnii30(5.5, 10, '2027-02'),
  gnii30(6, 35),
  gnii30(6, 20),
  gnii30(6, 20, '2027-01'),
  gnii30(6.5, 10),

  stip('LLB150', 5.5, 4),
  stip('LLB200', 5.5, 6),
  stip('LLB275', 5.5, 6),
  stip('FICO<700', 5.5, 3),
  stip('LLB175', 6, 5),
  stip('NY', 6, 2),
  stip('LLB225', 6, 5, '2027-01'),
  stip('INVESTOR', 6, 5, '2027-01'),

  cash('FNMA30-CASH', 6.25, 5_987_500),
  cash('FNMA30-CASH', 6.75, 4_037_250),
  cash('FNMA30-HB-CASH', 6.25, 4_985_400),
  cash('FNMA30-CASH', 6.25, 2_990_000, { story: 'AFFORDABLE' }),
  cash('FHLMC30-CASH', 6.25, 6_012_300, { pairedOff: 100 }),
  cash('FHLMC30-CASH', 6.75, 3_987_550, { delivered: 150 }),
  cash('FHLMC30-CASH', 6.25, 500_000, { story: 'LLB85' }),
  cash('FHLMC30-CASH', 6.25, 1_000_000, { story: 'LLB110' }),
  cash('FHLMC30-CASH', 6.25, 1_500_000, { story: 'LLB125' }),
  cash('FHLMC30-SC-CASH', 6.25, 2_001_000),
  cash('FNMA15-CASH', 5.5, 2_998_400),
  cash('FHLMC15-CASH', 5.5, 2_000_600),

  wholeLoans('bulk', 'SUMMIT30-BULK', 30 * MILLION),
  { ...wholeLoans('bulk', 'SUMMIT30-BULK', 20 * MILLION), tolerance: 1, premiumByLoan: true },

  wholeLoans('best_efforts', 'HARBOR30-BE', 3_200_000),
  wholeLoans('best_efforts', 'HARBOR30-BE', 2_900_000),
  wholeLoans('best_efforts', 'LAKESIDE30-BE', 2_800_000),
  wholeLoans('best_efforts', 'LAKESIDE30-BE', 2_600_000),
  wholeLoans('best_efforts', 'PIONEER30-BE', 2_400_000),
  wholeLoans('best_efforts', 'PIONEER30-BE', 2_100_000),
];

export interface ScaledTemplate extends TradeTemplate {
  /** Place in {@link TRADE_TEMPLATES}, which pools refer to. */
  readonly template: number;
}

/** Step to which a scaled amount is rounded, in dollars. */
const AMOUNT_STEP: Readonly<Record<TradeGroup, number>> = {
  umbs30_tba: MILLION,
  umbs15_tba: MILLION,
  gnii30_tba: MILLION,
  stip: MILLION,
  agency_cash: 50,
  bulk: MILLION,
  best_efforts: 100_000,
};

/**
 * Templates spread over `count` trades, their amounts scaled so that the book keeps its size per loan: a template used
 * twice is split, and dropped ones are made up for by the others. 60 trades of 2,500 loans are the templates themselves.
 */
export function scaledTemplates(count: number, loans: number): ScaledTemplate[] {
  const used = Array.from({ length: count }, (_, index) => Math.floor((index * TRADE_TEMPLATES.length) / count)).map(
    (template) => ({ template, spec: templateAt(template) }),
  );
  const copies = new Map<number, number>();
  for (const { template } of used) copies.set(template, (copies.get(template) ?? 0) + 1);
  const book = TRADE_TEMPLATES.reduce((sum, { amount }) => sum + amount, 0);
  const kept = [...copies.keys()].reduce((sum, template) => sum + templateAt(template).amount, 0);
  return used.map(({ template, spec }) => {
    const factor = (loans / 2500) * (book / kept) * (1 / (copies.get(template) ?? 1));
    const step = AMOUNT_STEP[spec.group];
    const amount = factor === 1 ? spec.amount : Math.max(step, Math.round((spec.amount * factor) / step) * step);
    return { ...spec, template, amount };
  });
}

function templateAt(index: number): TradeTemplate {
  const template = TRADE_TEMPLATES[index];
  if (template === undefined) throw new RangeError(`There is no trade template ${index}.`);
  return template;
}
