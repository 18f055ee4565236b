import { centsOf, dollars, grouped, textTable } from './text-table';

describe('the demo', () => {
  it('sets numbers right and text left', () => {
    const rows = [
      { code: 'NO_ROOM', loans: 12 },
      { code: 'FICO', loans: 1_234 },
    ];
    const table = textTable(rows, [
      { title: 'code', align: 'left', value: (row) => row.code },
      { title: 'loans', align: 'right', value: (row) => grouped(String(row.loans)) },
    ]);
    expect(table.split('\n')).toEqual(['  code     loans', '  -------  -----', '  NO_ROOM     12', '  FICO     1,234']);
  });

  it.each([
    ['0.00', '$0.00'],
    ['999.10', '$999.10'],
    ['1000.00', '$1,000.00'],
    ['811234567.80', '$811,234,567.80'],
    ['-1234.50', '-$1,234.50'],
    [null, '-'],
  ])('shows %s as %s', (text, shown) => expect(dollars(text)).toBe(shown));

  it('counts cents exactly where a number could not', () => {
    expect(centsOf('90071992547409.93')).toBe(9_007_199_254_740_993n);
    expect(centsOf('-0.05')).toBe(-5n);
    expect(() => centsOf('12.5')).toThrow('12.5');
  });
});
