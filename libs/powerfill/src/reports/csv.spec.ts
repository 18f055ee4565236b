import { csvHeader, csvLine } from './csv';
import { computed, CONTENT } from './report-column';

interface Row {
  readonly id: string;
  readonly gain: string;
}

const columns = [
  computed<Row>('id', CONTENT.code, (row) => row.id),
  computed<Row>('gain', CONTENT.dollars, (row) => row.gain),
];

describe('CSV of a report', () => {
  it('has a header line and CRLF line ends', () => {
    expect(csvHeader(columns)).toBe('id,gain\r\n');
    expect(csvLine(columns, { id: 'L1', gain: '-1.50' })).toBe('L1,-1.50\r\n');
  });

  it('quotes commas, quotes and line breaks', () => {
    expect(csvLine(columns, { id: 'a "b", c\nd', gain: '0.00' })).toBe('"a ""b"", c\nd",0.00\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1'])('defuses the text %p, which a spreadsheet would run', (id) => {
    const line = csvLine(columns, { id, gain: '-2.00' });
    expect(line.replace(/^"/, '').startsWith(`'${id}`)).toBe(true);
    // A negative number stays a number.
    expect(line.endsWith(',-2.00\r\n')).toBe(true);
  });

  it('leaves a missing value empty and writes an object as JSON', () => {
    const nested = [
      computed<null>('a', CONTENT.code, () => null),
      computed<null>('b', CONTENT.json, () => ({ NO_ROOM: 2 })),
    ];
    expect(csvLine(nested, null)).toBe(',"{""NO_ROOM"":2}"\r\n');
  });
});
