import { gzipSync } from 'node:zlib';
import type { ImportFault } from './import-error';

/** Columns an error file has on top of the tape's own; a file that is loaded again may keep them. */
export const ERROR_COLUMNS = ['import_line', 'import_errors'] as const;

/** Text of an error file in memory; rows beyond it are left out, which the file's last line and the answer say. */
const MOST_CHARACTERS = 20_000_000;

const cell = (text: string): string => (/[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const line = (fields: readonly string[]): string => `${fields.map(cell).join(',')}\r\n`;

/** Collects the rows an import leaves out as a CSV that can be mended and loaded again. */
export class ErrorFile {
  private readonly lines: string[] = [];
  private characters = 0;
  private width = 0;
  /** Rows that did not fit any more. */
  private left = 0;

  constructor(private readonly mostCharacters = MOST_CHARACTERS) {}

  /** Rows were left out of the file. */
  get isCut(): boolean {
    return this.left > 0;
  }

  header(fields: readonly string[]): void {
    this.width = fields.length;
    this.add([...fields, ...ERROR_COLUMNS]);
  }

  row(number: number, fields: readonly string[], faults: readonly ImportFault[]): void {
    const reasons = faults.map(({ column, reason }) => (column === null ? reason : `${column}: ${reason}`));
    this.add([...fields, String(number), reasons.join('; ')]);
  }

  gzip(): Buffer {
    const said = `${this.left} more rows were left out and are not in this file; it was cut at its largest size`;
    const end = this.isCut ? [line([...Array.from({ length: this.width }, () => ''), '', said])] : [];
    return gzipSync([...this.lines, ...end].join(''));
  }

  private add(fields: readonly string[]): void {
    const text = line(fields);
    this.characters += text.length;
    if (this.characters > this.mostCharacters) this.left += 1;
    else this.lines.push(text);
  }
}
