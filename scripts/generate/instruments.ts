import type { BuyUpDownGridRow, InstrumentRow, PriceAdjustmentRow } from '@powerfill/core/entities';
import { multiple, percent, points } from './units';

type Draft = Pick<InstrumentRow, 'investor_instrument_name' | 'investor_id' | 'instrument_type' | 'program'> &
  Partial<InstrumentRow>;

function instrument(draft: Draft): InstrumentRow {
  return {
    product: null,
    term_min: 181,
    term_max: 360,
    lien: 1,
    amort_type: 'fixed',
    agency_type: 'conventional',
    agency: 'fnma,fhlmc',
    min_spread: null,
    max_spread: null,
    base_servicing: percent(0.25),
    max_servicing: percent(0.5),
    msr_multiple: multiple(5),
    max_age_months: 11,
    max_days_past_due: 30,
    cert_days: 2,
    loan_limit_check: true,
    ...draft,
  };
}

const security = (draft: Draft): InstrumentRow =>
  instrument({ min_spread: percent(0.25), max_spread: percent(1.125), ...draft });

/** Cash-window and bulk programmes price by note rate, so they have no coupon band; they take loans up to six months old. */
const wholeLoan = (name: string, investor: string, program: string, agency: string | null): InstrumentRow =>
  instrument({
    investor_instrument_name: name,
    investor_id: investor,
    instrument_type: 'cash',
    program,
    agency,
    max_age_months: 6,
    cert_days: 1,
  });

const FIFTEEN = { term_min: 85, term_max: 180 } as const;

export const INSTRUMENTS: readonly InstrumentRow[] = [
  security({ investor_instrument_name: 'UMBS30', investor_id: 'UMBS', instrument_type: 'mbs', program: 'umbs30' }),
  security({
    investor_instrument_name: 'UMBS15',
    investor_id: 'UMBS',
    instrument_type: 'mbs',
    program: 'umbs15',
    ...FIFTEEN,
  }),
  security({
    investor_instrument_name: 'GNII30',
    investor_id: 'GNMA',
    instrument_type: 'mbs',
    program: 'gnii30',
    agency_type: 'government',
    agency: 'gnma',
    max_spread: percent(0.75),
    base_servicing: percent(0.19),
    msr_multiple: multiple(4.25),
    max_age_months: 24,
    loan_limit_check: false,
  }),
  wholeLoan('FNMA30-CASH', 'FNMA', 'cash30', 'fnma'),
  wholeLoan('FNMA30-HB-CASH', 'FNMA', 'cash30', 'fnma'),
  wholeLoan('FHLMC30-CASH', 'FHLMC', 'cash30', 'fhlmc'),
  wholeLoan('FHLMC30-SC-CASH', 'FHLMC', 'cash30', 'fhlmc'),
  { ...wholeLoan('FNMA15-CASH', 'FNMA', 'cash15', 'fnma'), ...FIFTEEN },
  { ...wholeLoan('FHLMC15-CASH', 'FHLMC', 'cash15', 'fhlmc'), ...FIFTEEN },
  wholeLoan('SUMMIT30-BULK', 'SUMMIT', 'bulk', 'fnma,fhlmc'),
  wholeLoan('HARBOR30-BE', 'HARBOR', 'bulk', 'fnma,fhlmc'),
  wholeLoan('LAKESIDE30-BE', 'LAKESIDE', 'bulk', 'fnma,fhlmc'),
  wholeLoan('PIONEER30-BE', 'PIONEER', 'bulk', 'fnma,fhlmc'),
];

/** Coupon, buy-up and buy-down multiple (sample-data.md). */
const MULTIPLES: readonly (readonly [number, number, number])[] = [
  [4, 3.6, 4.9],
  [4.5, 3.3, 4.5],
  [5, 2.9, 4],
  [5.5, 2, 2.9],
  [6, 1.4, 2.2],
  [6.5, 1, 1.6],
  [7, 0.8, 1.3],
];

/** Multiples were a tenth higher before November. */
const GRID_DATES = [
  ['2026-09-01', 1.1],
  ['2026-11-02', 1],
] as const;

/** `pscat_bubd_grid`: guarantee fee 0.50 with multiples; Ginnie only pays its 0.06 guaranty fee. */
export function buyUpDownRows(): BuyUpDownGridRow[] {
  const conventional = ['UMBS30', 'UMBS15'].flatMap((name) =>
    MULTIPLES.flatMap(([coupon, up, down]) =>
      GRID_DATES.map(([effectiveFrom, level]) => ({
        investor_instrument_name: name,
        coupon: percent(coupon),
        effective_from: effectiveFrom,
        guarantee_fee: percent(0.5),
        buy_up_multiple: multiple(up * level),
        buy_down_multiple: multiple(down * level),
      })),
    ),
  );
  const ginnie = MULTIPLES.map(([coupon]) => ({
    investor_instrument_name: 'GNII30',
    coupon: percent(coupon),
    effective_from: '2026-01-01',
    guarantee_fee: percent(0.06),
    buy_up_multiple: 0,
    buy_down_multiple: 0,
  }));
  return [...conventional, ...ginnie];
}

/** Loan-level price adjustments of the agencies; equal at both, so that they move a loan's value and not its best trade. */
const AGENCY_ADJUSTMENTS: readonly (readonly [string, string, number])[] = [
  ['investor', "occupancy = 'investor'", -1.125],
  ['second_home', "occupancy = 'second'", -1.125],
  ['cashout', "purpose = 'cashout' and ltv > 60", -0.625],
  ['condo_over_75', "property_type = 'condo' and ltv > 75 and term_months > 180", -0.75],
  ['two_to_four_unit', "property_type = '2-4 unit'", -0.625],
  ['fico_under_680_ltv_over_75', 'fico < 680 and ltv > 75', -0.875],
  ['fico_680_719_ltv_over_75', 'fico between 680 and 719 and ltv > 75', -0.5],
];

/** The aggregator's own adjustments, and by how much its servicing premium differs from the one in its prices. */
const BULK_ADJUSTMENTS: readonly (readonly [string, string, number, 'llpa' | 'srp' | 'feature'])[] = [
  ...AGENCY_ADJUSTMENTS.map(([name, condition, quote]) => [name, condition, quote, 'llpa'] as const),
  ['dti_over_43', 'dti > 43', -0.125, 'feature'],
  ['srp_large_balance', 'loan_amount >= 400000', 0.1, 'srp'],
  ['srp_small_balance', 'loan_amount < 150000', -0.2, 'srp'],
  ['srp_fico_over_760', 'fico >= 760', 0.05, 'srp'],
];

/** `rmusr_price_adjustments`, quotes in points. */
export function priceAdjustmentRows(): PriceAdjustmentRow[] {
  const row = (name: string, adjustment: string, condition: string, quote: number, kind: string) => ({
    investor_instrument_name: name,
    adj_name: adjustment,
    effective_from: '2026-10-01',
    condition_text: condition,
    quote: points(quote),
    div_by: 1,
    kind,
  });
  const conventional = INSTRUMENTS.filter(({ agency, investor_id: investor }) => {
    return agency !== 'gnma' && ['UMBS', 'FNMA', 'FHLMC'].includes(investor);
  });
  return [
    ...conventional.flatMap(({ investor_instrument_name: name }) =>
      AGENCY_ADJUSTMENTS.map(([adjustment, condition, quote]) => row(name, adjustment, condition, quote, 'llpa')),
    ),
    ...BULK_ADJUSTMENTS.map(([adjustment, condition, quote, kind]) =>
      row('SUMMIT30-BULK', adjustment, condition, quote, kind),
    ),
  ];
}
