import { compareRows, type KeyedRow } from './compare-rows';

async function* rows(...list: readonly (readonly [key: string, cells: Record<string, unknown>])[]) {
  for (const [key, cells] of list) yield await Promise.resolve<KeyedRow>({ key: [key], cells });
}

describe('rows of two databases', () => {
  it('are identical when every cell is, whatever it holds', async () => {
    const both = () => rows(['A', { amount: 1, note: null, gzip: Buffer.from('x') }], ['B', { amount: 2, note: '' }]);
    await expect(compareRows(both(), both())).resolves.toEqual({ left: 2, right: 2, different: 0, first: [] });
  });

  it('tell the cells that differ, and null from an empty text', async () => {
    const left = rows(['A', { amount: 1, note: null }], ['B', { amount: 2, note: 'x' }]);
    const right = rows(['A', { amount: 1, note: '' }], ['B', { amount: 2, note: 'x' }]);
    await expect(compareRows(left, right)).resolves.toEqual({
      left: 2,
      right: 2,
      different: 1,
      first: [{ key: 'A', left: { note: null }, right: { note: '' } }],
    });
  });

  it('tell a row that is missing on either side, and go on with the next', async () => {
    const left = rows(['A', { n: 1 }], ['B', { n: 2 }], ['D', { n: 4 }]);
    const right = rows(['B', { n: 2 }], ['C', { n: 3 }], ['D', { n: 5 }]);
    await expect(compareRows(left, right)).resolves.toEqual({
      left: 3,
      right: 3,
      different: 3,
      first: [
        { key: 'A', left: { n: 1 }, right: null },
        { key: 'C', left: null, right: { n: 3 } },
        { key: 'D', left: { n: 4 }, right: { n: 5 } },
      ],
    });
  });

  it('count all differences and show the first three', async () => {
    const left = rows(...['A', 'B', 'C', 'D', 'E'].map((key) => [key, { n: 1 }] as const));
    const { different, first } = await compareRows(left, rows());
    expect([different, first.map(({ key }) => key)]).toEqual([5, ['A', 'B', 'C']]);
  });

  it('must come in the order of their keys', async () => {
    await expect(compareRows(rows(['B', {}], ['A', {}]), rows())).rejects.toThrow('Row A comes behind B');
  });
});
