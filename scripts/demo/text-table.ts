/** A column of a text table; numbers stand right. */
export interface TextColumn<Row> {
  readonly title: string;
  readonly align: 'left' | 'right';
  readonly value: (row: Row) => string;
}

/** The rows as lines of equal columns under their titles, indented by two. */
export function textTable<Row>(rows: readonly Row[], columns: readonly TextColumn<Row>[]): string {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ value }) => value(row)))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => (line[index] ?? '').length)));
  const line = (texts: readonly string[]) =>
    texts
      .map((text, index) => {
        const width = widths[index] ?? 0;
        return columns[index]?.align === 'right' ? text.padStart(width) : text.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  const [titles = [], ...body] = cells;
  return [line(titles), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)]
    .map((text) => `  ${text}`)
    .join('\n');
}

/** Decimal text with its thousands apart: `-1234567.80` becomes `-1,234,567.80`. */
export function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? spaced : `${spaced}.${fraction}`;
}

/** Money on the wire (`811234567.80`) as dollars. */
export function dollars(text: string | null): string {
  if (text === null) return '-';
  return text.startsWith('-') ? `-$${grouped(text.slice(1))}` : `$${grouped(text)}`;
}

/** Money on the wire in cents; exact. */
export function centsOf(text: string): bigint {
  if (!/^-?\d+\.\d{2}$/.test(text)) throw new Error(`"${text}" is not money with two places`);
  return BigInt(text.replace('.', ''));
}
