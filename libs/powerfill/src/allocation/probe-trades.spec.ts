import { probeTrades } from './probe-trades';
import { type Stage, type StageAssignment } from './stage';

/** Two loans of $100,000 and two trades that take one each; every option earns what `net` says. */
const stage: Stage = {
  tradeCount: 2,
  loans: Int32Array.of(0, 1),
  amount: Float64Array.of(1e7, 1e7),
  start: Int32Array.of(0, 2, 4),
  loanOf: Int32Array.of(0, 0, 1, 1),
  trade: Int32Array.of(0, 1, 0, 1),
  net: Float64Array.of(50_000, 60_000, 90_000, 10_000),
  candidate: Int32Array.of(0, 1, 2, 3),
  baseFill: new Float64Array(2),
  room: Float64Array.of(1e7, 1e7),
  target: new Float64Array(2),
  min: new Float64Array(2),
  pairOffRate: new Float64Array(2),
};
const crossed: StageAssignment = { option: Int32Array.of(0, 3), fill: Float64Array.of(1e7, 1e7) };
const straight: StageAssignment = { option: Int32Array.of(1, 2), fill: Float64Array.of(1e7, 1e7) };
const budget = { probes: 10, failures: 2, moves: 400 };
/** Trade 0 would rather have loan 1, trade 1 stay empty. */
const leads = {
  profit: Float64Array.of(10_000, -50_000, 90_000, -40_000),
  compositions: [
    { options: [2], bound: 90_000 },
    { options: [], bound: 0 },
  ],
};

describe('probing trades', () => {
  it('forces the trade that trails most to fill like its composition, then lets it go, and keeps what is better', () => {
    const calls: { min: number[]; room: number[]; moves: number; calm: boolean }[] = [];
    const found = probeTrades(stage, crossed, leads, budget, (on, _from, moves, calm) => {
      calls.push({ min: [...on.min], room: [...on.room], moves, calm });
      return straight;
    });
    expect(found).toBe(straight);
    expect(calls.slice(0, 2)).toEqual([
      { min: [9.7e6, 0], room: [1e7, 1e7], moves: 400, calm: false },
      { min: [0, 0], room: [1e7, 1e7], moves: 100, calm: true },
    ]);
    // Better once, then trade 1 is forced empty to no avail; trade 0 has what it wants.
    expect(calls[2]).toEqual({ min: [0, 0], room: [1e7, 0], moves: 400, calm: false });
    expect(calls).toHaveLength(4);
  });

  it('keeps what it has when the search meets nothing allowed, and ends after the failures allowed', () => {
    let calls = 0;
    const search = (): null => {
      calls++;
      return null;
    };
    expect(probeTrades(stage, crossed, leads, budget, search)).toBe(crossed);
    expect(calls).toBe(2);
    expect(probeTrades(stage, crossed, leads, { ...budget, failures: 1 }, search)).toBe(crossed);
    expect(calls).toBe(3);
  });

  it('starts a search without the loans of a trade that is to stay empty', () => {
    const starts: number[][] = [];
    const emptyFirst = { ...leads, compositions: [leads.compositions[1]!, leads.compositions[1]!] };
    probeTrades(stage, crossed, emptyFirst, { ...budget, failures: 1 }, (_on, from) => {
      starts.push([...from.option], [...from.fill]);
      return null;
    });
    expect(starts).toEqual([
      [0, -1],
      [1e7, 0],
    ]);
  });
});
