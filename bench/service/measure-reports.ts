import { grouped, textTable } from '../../scripts/demo/text-table';
import { measuredAnswer, type MeasuredApi, memoryGrowth } from './measured-answers';

/** The nine reports. */
const REPORTS = [
  'guide',
  'recap',
  'switching',
  'pool-candidates',
  'existing-disposition',
  'pooling-guide',
  'cash-trade-slotting',
  'kickouts',
  'summary',
] as const satisfies readonly string[];
const REPEATS = 9;
const MEBIBYTE = 2 ** 20;

const ms = (seconds: number | undefined): string => ((seconds ?? 0) * 1000).toFixed(0);

/** The first page of every report of the newest run: the first answer of the process, then the usual one. */
export async function measureFirstPages(where: MeasuredApi): Promise<string> {
  const rows = [];
  for (const name of REPORTS) {
    const first = await measuredAnswer(where, `/runs/latest/${name}`);
    const seconds: number[] = [];
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      seconds.push((await measuredAnswer(where, `/runs/latest/${name}`)).seconds);
    }
    seconds.sort((a, b) => a - b);
    rows.push({ name, first, median: seconds[(REPEATS - 1) / 2], worst: seconds.at(-1) });
  }
  return textTable(rows, [
    { title: 'first page', align: 'left', value: ({ name }) => name },
    { title: 'first ms', align: 'right', value: ({ first }) => ms(first.seconds) },
    { title: `median of ${REPEATS}`, align: 'right', value: ({ median }) => ms(median) },
    { title: 'worst', align: 'right', value: ({ worst }) => ms(worst) },
    { title: 'bytes', align: 'right', value: ({ first }) => grouped(String(first.bytes)) },
  ]);
}

/**
 * The whole `pool-candidates` as a file.
 * @param startApi starts an API process; each file is read from one of its own, so that memory grows by this file only
 */
export async function measureStreams(startApi: (name: string) => Promise<MeasuredApi>): Promise<string> {
  const rows = [];
  let count = 0;
  for (const format of ['csv', 'xlsx']) {
    const where = await startApi(`api-${format}`);
    await measuredAnswer(where, '/runs/latest/pool-candidates');
    const { result, growth } = await memoryGrowth(where.api, () =>
      measuredAnswer(where, `/runs/latest/pool-candidates?format=${format}`),
    );
    // A workbook is compressed; it has the rows of the CSV read before it.
    if (format === 'csv') count = result.lines - 1;
    rows.push({ format, ...result, growth, rate: count / result.seconds });
  }
  return textTable(rows, [
    { title: 'pool-candidates', align: 'left', value: ({ format }) => format },
    { title: 'rows', align: 'right', value: () => grouped(String(count)) },
    { title: 'seconds', align: 'right', value: ({ seconds }) => seconds.toFixed(1) },
    { title: 'rows a second', align: 'right', value: ({ rate }) => grouped(rate.toFixed(0)) },
    { title: 'API grew by MiB', align: 'right', value: ({ growth }) => (growth / MEBIBYTE).toFixed(0) },
  ]);
}
