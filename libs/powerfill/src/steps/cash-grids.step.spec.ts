import { CONTROL, desk, pct, pts, trade } from './candidate-builder-fixtures';
import { CashGridsStep } from './cash-grids.step';
import type { StepResults } from './step-results';

const cashTrade = trade({ trade_type: 'wl', price: null, coupon: pct(6.125) });
const cashGrid = [
  { trade_id: 'T1', note_rate: pct(6), price: pts(100) },
  { trade_id: 'T1', note_rate: pct(6.25), price: pts(101) },
  { trade_id: 'T9', note_rate: pct(6), price: pts(90) },
];

describe('step 1, cash grids', () => {
  it("writes the effective grids of the run's cash trades", async () => {
    const results: StepResults = {};
    const outcome = await new CashGridsStep().run(desk({ trades: [cashTrade], cashGrid }), results, CONTROL);
    expect(outcome.status).toBe('done');
    expect(outcome.writes[0]?.rows).toEqual([
      { trade_id: 'T1', note_rate: pct(6), price: pts(100), posted: true },
      { trade_id: 'T1', note_rate: pct(6.125), price: pts(100.5), posted: false },
      { trade_id: 'T1', note_rate: pct(6.25), price: pts(101), posted: true },
    ]);
    expect([...(results.cashGrids?.keys() ?? [])]).toEqual(['T1']);
  });

  it('drops rows below the floor from the table and from nothing else', async () => {
    const results: StepResults = {};
    const outcome = await new CashGridsStep().run(
      desk({ trades: [cashTrade], cashGrid }, { bx_price_floor: '100.50000000' }),
      results,
      CONTROL,
    );
    expect([...(outcome.writes[0]?.rows ?? [])].map((row) => 'note_rate' in row && row.note_rate)).toEqual([
      pct(6.125),
      pct(6.25),
    ]);
    expect(results.cashGrids?.get('T1')?.rates).toHaveLength(3);
  });

  it('is skipped only when the run has no cash trade', async () => {
    expect((await new CashGridsStep().run(desk(), {}, CONTROL)).status).toBe('skipped');
    const closed = await new CashGridsStep().run(
      desk({ trades: [{ ...cashTrade, status: 'closed' }], cashGrid }),
      {},
      CONTROL,
    );
    expect(closed.status).toBe('skipped');
  });

  it('warns about a mandatory trade that posts nothing; best efforts may', async () => {
    const outcome = await new CashGridsStep().run(
      desk({ trades: [cashTrade, { ...cashTrade, trade_id: 'T2', trade_type: 'be' }] }),
      {},
      CONTROL,
    );
    expect(outcome).toMatchObject({ status: 'done', warnings: [{ code: 'cash_grid_missing' }] });
  });
});
