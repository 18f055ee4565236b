import { scaledDecimal } from '../pricing/decimal-option';
import { effectiveGrid } from '../pricing/cash-grid';
import { isCashTrade, tradesInRun } from '../pricing/trades-in-run';
import { cashMarketMapTable, type CashGridRow } from '../entities';
import type { RunInput } from './run-input';
import { insertRows, type RunStep, type StepControl, type StepOutcome } from './run-step';
import type { RunWarning } from '../domain/run-response';
import type { CashGrid, StepResults } from './step-results';

/**
 * Step 1 (engine.md): effective note-rate grids of the run's cash trades. The price floor keeps rows out of
 * `pfill_cash_market_map`; pricing reads the whole grid, so that the floor moves no price.
 */
export class CashGridsStep implements RunStep {
  readonly name = 'bx_cash_grids' as const;

  async run(input: RunInput, results: StepResults, control: StepControl): Promise<StepOutcome> {
    const trades = tradesInRun(input).filter(isCashTrade);
    const posted = new Map<string, CashGridRow[]>();
    for (const row of input.cashGrid) {
      const rows = posted.get(row.trade_id);
      if (rows === undefined) posted.set(row.trade_id, [row]);
      else rows.push(row);
    }
    const grids = new Map<string, CashGrid>();
    const warnings: RunWarning[] = [];
    for (const trade of trades) {
      await control.breathe();
      const rows = posted.get(trade.trade_id);
      if (rows !== undefined) grids.set(trade.trade_id, effectiveGrid(trade.trade_id, rows));
      else if (trade.trade_type === 'wl') {
        warnings.push({
          code: 'cash_grid_missing',
          message: `Cash trade ${trade.trade_id} posts no price: it takes no loan.`,
        });
      }
    }
    results.cashGrids = grids;
    if (trades.length === 0) return { status: 'skipped', note: 'no cash trades', writes: [], warnings };
    const floor = scaledDecimal(input.options.bx_price_floor, 8);
    const rows = [...grids.values()].flatMap((grid) => gridRows(grid, floor));
    return {
      status: 'done',
      note: `${rows.length} note rates of ${grids.size} cash trades`,
      writes: [insertRows(cashMarketMapTable, rows)],
      warnings,
    };
  }
}

function gridRows({ tradeId, rates, prices, posted }: CashGrid, floor: number | null) {
  return rates.flatMap((rate, index) => {
    const price = prices[index] ?? 0;
    if (floor !== null && price < floor) return [];
    return [{ trade_id: tradeId, note_rate: rate, price, posted: posted[index] ?? false }];
  });
}
