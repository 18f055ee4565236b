import { gzipSync } from 'node:zlib';
import type { ImportFault } from './import-error';

/** Columns an error file has on top of the tape's own; a file that is loaded again may keep them. */
export const ERROR_COLUMNS = ['import_line', 'import_errors'] as const;

/** Text of an error file in memory; what is beyond is left out and said so. */
const MOST_CHARACTERS = 20_000_000;

const cell = (text: string): string => (/[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const line = (fields: readonly string[]): string => `${fields.map(cell).join(',')}\r\n`;

/** Collects the rows an import leaves out as a CSV that can be mended and loaded again. */
export class ErrorFile {
  private readonly lines: string[] = [];
  private characters = 0;
  /** Rows were left out of the file. */
  isCut = false;

  /** @param width columns of the tape, so that what is added stands behind them */
  header(fields: readonly string[]): void {
    this.add([...fields, ...ERROR_COLUMNS]);
  }

  row(number: number, fields: readonly string[], faults: readonly ImportFault[]): void {
    const reasons = faults.map(({ column, reason }) => (column === null ? reason : `${column}: ${reason}`));
    this.add([...fields, String(number), reasons.join('; ')]);
  }

  gzip(): Buffer {
    return gzipSync(this.lines.join(''));
  }

  private add(fields: readonly string[]): void {
    const text = line(fields);
    this.characters += text.length;
    if (this.characters > MOST_CHARACTERS) this.isCut = true;
    else this.lines.push(text);
  }
}
