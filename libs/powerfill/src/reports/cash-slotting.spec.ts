import type { CashMarketMapRow, TradeBaseRow } from '../entities';
import { cashSlots } from './cash-slotting-report';

const trade = { trade_id: 'W1' } as TradeBaseRow;
const rate = (percent: number, price: number): CashMarketMapRow => ({
  run_id: '',
  attempt: 1,
  trade_id: 'W1',
  note_rate: percent * 1e6,
  price: price * 1e8,
  posted: true,
});
const placed = (percent: number, loans: number, amount: bigint) => ({
  tradeId: 'W1',
  noteRate: percent * 1e6,
  loans,
  amount,
});

it('puts loans between two rates into the lower slot, and those below the grid into a slot without a price', () => {
  const slots = cashSlots(
    [trade],
    [rate(6, 100), rate(6.125, 100.5)],
    [placed(6.1, 2, 500n), placed(6.125, 1, 100n), placed(7, 1, 1n), placed(5.5, 1, 7n)],
  );
  expect(slots.map(({ noteRate, price, loans, amount }) => [noteRate / 1e6, price, loans, amount])).toEqual([
    [5.5, null, 1, 7n],
    [6, 100e8, 2, 500n],
    [6.125, 100.5e8, 2, 101n],
  ]);
});
