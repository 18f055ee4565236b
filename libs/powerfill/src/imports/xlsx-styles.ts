import { SaxesParser } from 'saxes';

/** How a number in a cell is to be read. */
export type CellStyle = 'general' | 'date' | 'percent';

/** Built-in formats (ECMA-376, 18.8.30): dates with or without a time, and percents. */
const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
const isBuiltInPercent = (id: number): boolean => id === 9 || id === 10;

/** The kind of a format's code: quoted text, escapes and colours in brackets say nothing. */
export function styleOfFormat(code: string): CellStyle {
  const bare = code.replace(/"[^"]*"|\\.|\[[^\]]*\]|_./g, '').toLowerCase();
  if (bare.includes('%')) return 'percent';
  return /[yd]/.test(bare) ? 'date' : 'general';
}

/** Kinds of the cell formats of `styles.xml`, by index. */
export async function readStyles(source: AsyncIterable<string>): Promise<readonly CellStyle[]> {
  const custom = new Map<number, CellStyle>();
  const styles: CellStyle[] = [];
  let isCellFormats = false;
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const value = (key: string): string => String(attributes[key] ?? '');
    if (name === 'numFmt') custom.set(Number(value('numFmtId')), styleOfFormat(value('formatCode')));
    if (name === 'cellXfs') isCellFormats = true;
    if (name === 'xf' && isCellFormats) {
      const id = Number(value('numFmtId') || 0);
      const builtIn = isBuiltInDate(id) ? 'date' : isBuiltInPercent(id) ? 'percent' : 'general';
      styles.push(custom.get(id) ?? builtIn);
    }
  });
  parser.on('closetag', ({ name }) => {
    if (name === 'cellXfs') isCellFormats = false;
  });
  for await (const piece of source) parser.write(piece);
  return styles;
}
