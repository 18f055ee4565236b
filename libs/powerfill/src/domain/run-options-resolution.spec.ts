import { DEFAULT_RUN_OPTIONS } from './run-options';
import { resolveRunOptions } from './run-options-resolution';

describe('resolving run options', () => {
  it('fills in every default and the business date', () => {
    expect(resolveRunOptions({}, '2026-11-23')).toEqual({ ...DEFAULT_RUN_OPTIONS, as_of_date: '2026-11-23' });
  });

  it('keeps what was given, decimals at fixed scale', () => {
    const options = resolveRunOptions(
      { as_of_date: '2026-11-20', bx_price_floor: 95, reservation_price: 0, switch_cost_bp: '1.5', seed: 7 },
      '2026-11-23',
    );
    expect(options).toEqual({
      ...DEFAULT_RUN_OPTIONS,
      as_of_date: '2026-11-20',
      bx_price_floor: '95.00000000',
      reservation_price: '0.00000000',
      switch_cost_bp: '1.5000',
      seed: 7,
    });
  });

  it('takes an option given as undefined, and an empty exclusion, as not given', () => {
    expect(resolveRunOptions({ effort: undefined, exclude_loan_ids: [] }, '2026-11-23')).toEqual({
      ...DEFAULT_RUN_OPTIONS,
      as_of_date: '2026-11-23',
    });
  });
});
