import { tradeRoom } from './trade-room';

const usd = (dollars: number): number => Math.round(dollars * 100);
const trade = {
  trade_amount: usd(10_000_000),
  paired_off_amount: null,
  delivered_amount: null,
  tolerance: 2_500_000,
  tolerance_down: null,
  tolerance_min_amount: null,
  tail_max: null,
};

describe('room of a trade', () => {
  it('takes the tolerance of the obligation both ways', () => {
    // 2.5 % of 10,000,000 = 250,000.
    expect(tradeRoom(trade)).toEqual({
      obligation: usd(10_000_000),
      toleranceDown: usd(250_000),
      toleranceUp: usd(250_000),
      target: usd(10_000_000),
      min: usd(9_750_000),
      max: usd(10_250_000),
      maxWithoutTail: usd(10_250_000),
    });
  });

  it('rounds the tolerance to the cent, half away from zero', () => {
    // 2.5 % of 4,037,250.20 = 100,931.255 -> 100,931.26.
    expect(tradeRoom({ ...trade, trade_amount: usd(4_037_250.2) }).toleranceUp).toBe(usd(100_931.26));
  });

  it('is exact where amount times percent passes 2^53', () => {
    // 99.999999 % of 9,999,999,999.99: 999,999,999,999 cents * 99,999,999 / 10^8 = 999,999,989,999.0...01 -> ...,999.
    const room = tradeRoom({ ...trade, trade_amount: 999_999_999_999, tolerance: 99_999_999 });
    expect(room.toleranceUp).toBe(999_999_989_999);
  });

  it('is measured on what is left after pair-offs, and lowered by what was delivered', () => {
    // Obligation 10 - 2 = 8 MM, 2.5 % = 200,000; delivered 5 MM: T 3, L 2.8, U 3.2 MM.
    const room = tradeRoom({ ...trade, paired_off_amount: usd(2_000_000), delivered_amount: usd(5_000_000) });
    expect([room.obligation, room.target, room.min, room.max]).toEqual(
      [8_000_000, 3_000_000, 2_800_000, 3_200_000].map(usd),
    );
  });

  it('never falls below zero', () => {
    // Delivered 10.1 MM of 10 MM: T and L are 0, U 150,000.
    const room = tradeRoom({ ...trade, delivered_amount: usd(10_100_000) });
    expect([room.target, room.min, room.max]).toEqual([0, 0, usd(150_000)]);
  });

  it('has its minimum tolerance in dollars', () => {
    // Agency cash: 2.5 % of 300,000 is 7,500, so 10,000 counts.
    const room = tradeRoom({ ...trade, trade_amount: usd(300_000), tolerance_min_amount: usd(10_000) });
    expect([room.min, room.max]).toEqual([usd(290_000), usd(310_000)]);
  });

  it('may differ up and down', () => {
    // Down 1 % = 100,000, up 2.5 % = 250,000; down 0 leaves no room below.
    expect(tradeRoom({ ...trade, tolerance_down: 1_000_000 }).min).toBe(usd(9_900_000));
    expect(tradeRoom({ ...trade, tolerance_down: 0 }).min).toBe(usd(10_000_000));
  });

  it('grows by the tail, which is told apart', () => {
    const room = tradeRoom({ ...trade, tail_max: usd(30_000) });
    expect([room.max, room.maxWithoutTail]).toEqual([usd(10_280_000), usd(10_250_000)]);
  });

  it('is nothing once paired off in full, whatever the minimum tolerance', () => {
    const room = tradeRoom({
      ...trade,
      paired_off_amount: usd(10_000_000),
      tolerance_min_amount: usd(10_000),
      tail_max: usd(1),
    });
    expect([room.target, room.min, room.max, room.maxWithoutTail]).toEqual([0, 0, 0, 0]);
  });
});
