import { type ProblemFile } from '@powerfill/core/allocation/problem/problem-file';
import { mipModel } from './mip-model';
import { solveMip } from './solve-mip';

async function optimum(file: ProblemFile): Promise<number> {
  const { columns, bound } = await solveMip(mipModel(file), 10);
  expect(columns).not.toBeNull();
  return Math.round((bound ?? 0) * 100) / 100 + 0;
}

describe('the mixed-integer program HiGHS gets', () => {
  // Reservation 100. A is worth 1,000 at T1 and 2,000 at T2, B 3,000 at T1, which has room for one loan.
  const file: ProblemFile = {
    loans: [
      { id: 'A', amount: 100000, attributes: { hb: 1, fico: 700 } },
      { id: 'B', amount: 100000, attributes: { hb: 0, fico: 800 } },
    ],
    trades: [{ id: 'T1', max: 100000 }, { id: 'T2' }],
    candidates: [
      { loan: 'A', trade: 'T1', score: 101 },
      { loan: 'A', trade: 'T2', score: 102 },
      { loan: 'B', trade: 'T1', score: 103 },
    ],
    options: { reservation_price: 100 },
  };
  const trades = (t1: object, t2: object): ProblemFile => ({
    ...file,
    trades: [
      { id: 'T1', max: 100000, ...t1 },
      { id: 'T2', ...t2 },
    ],
  });

  it('values pairs and keeps the room of a trade', async () => {
    expect(await optimum(file)).toBe(5_000);
  });

  it('charges a pair-off on everything undelivered, from the first cent below min', async () => {
    // T2 takes only A: 200,000 - 100,000 at 5 % = 5,000; empty it would owe 10,000.
    const dear = { target: 200000, min: 199000, pair_off_points: 5 };
    expect(await optimum(trades({}, dear))).toBe(0);
    // At min nothing is owed, though the target is not reached.
    expect(await optimum(trades({}, { ...dear, min: 100000 }))).toBe(5_000);
    expect(await optimum(trades({}, { ...dear, min: '100000.01' }))).toBe(0);
  });

  it('pays for what is not delivered, and only below min', async () => {
    // T2 empty pays 5 % of 100,000 = 5,000, more than A is worth there; with A it pays nothing.
    expect(await optimum(trades({}, { target: 100000, pair_off_points: -5 }))).toBe(8_000);
    // 1 %: empty 1,000, less than the 2,000 of A.
    expect(await optimum(trades({}, { target: 100000, pair_off_points: -1 }))).toBe(5_000);
  });

  it('lets such a trade be filled above its target, where nothing is paid', async () => {
    // A and B both in T2, 2,000 and 3,000, over the target of 150,000; empty it would pay 1 % of that, 1,500.
    const both = trades({}, { target: 150000, min: 100000, max: 200000, pair_off_points: -1 });
    const candidates = [
      { loan: 'A', trade: 'T2', score: 102 },
      { loan: 'B', trade: 'T2', score: 103 },
    ];
    expect(await optimum({ ...both, candidates })).toBe(5_000);
  });

  it('keeps minimums if used, place_all and limits', async () => {
    // T2 would need 150,000 to be used: B alone at T1 is left.
    expect(await optimum(trades({}, { must_reach: 150000 }))).toBe(3_000);
    const placed = { ...file, options: { ...file.options, place_all: true } };
    expect(await optimum(placed)).toBe(5_000);
    const limits = (limit: object): ProblemFile =>
      ({ ...file, limits: [{ id: 'x', trades: ['T1', 'T2'], ...limit }] }) as ProblemFile;
    expect(await optimum(limits({ kind: 'share', where: { hb: 1 }, max: 0.4 }))).toBe(3_000);
    expect(await optimum(limits({ kind: 'weighted_average', attribute: 'fico', max: 750 }))).toBe(5_000);
    expect(await optimum(limits({ kind: 'weighted_average', attribute: 'fico', max: 749 }))).toBe(2_000);
    expect(await optimum(limits({ kind: 'count', max: 1 }))).toBe(3_000);
    expect(await optimum(limits({ kind: 'total', where: { hb: 0 }, max: '99999.99' }))).toBe(2_000);
  });
});
