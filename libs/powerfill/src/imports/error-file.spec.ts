import { gunzipSync } from 'node:zlib';
import { ErrorFile } from './error-file';

const textOf = (file: ErrorFile): string[] => gunzipSync(file.gzip()).toString().trimEnd().split('\r\n');
const fault = { line: 2, column: 'seq', code: 'not_a_number', reason: 'must be a whole number', value: 'x' } as const;

describe('ErrorFile', () => {
  it('holds the rows left out as they stood, with their line and what is wrong', () => {
    const file = new ErrorFile();
    file.header(['stage', 'seq']);
    file.row(2, ['In, Process', 'x'], [fault]);
    expect([file.isCut, textOf(file)]).toEqual([
      false,
      ['stage,seq,import_line,import_errors', '"In, Process",x,2,seq: must be a whole number'],
    ]);
  });

  it('says in its last line how many rows did not fit', () => {
    // The header has 37 characters, each row 35: one row fits into 80.
    const file = new ErrorFile(80);
    file.header(['stage', 'seq']);
    for (const number of [2, 3, 4]) file.row(number, ['S', 'x'], [fault]);
    const lines = textOf(file);
    expect([file.isCut, lines.length]).toEqual([true, 3]);
    expect(lines[2]).toBe(',,,2 more rows were left out and are not in this file; it was cut at its largest size');
  });
});
