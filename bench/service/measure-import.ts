import { openAsBlob } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { measuredAnswer, type MeasuredApi, memoryGrowth } from './measured-answers';

const MEBIBYTE = 2 ** 20;
const CSV = { 'content-type': 'text/csv' };

interface Refusal {
  readonly detail?: string;
  readonly errors?: readonly object[];
}

/**
 * Loads a large pipeline over HTTP, twice (rows that are new, rows that are known), and the same file with one bad row
 * in the middle.
 * @param file CSV of the table `loan`
 * @param countLoans loans the tenant has
 */
export async function measureImport(
  where: MeasuredApi,
  file: string,
  countLoans: () => Promise<number>,
): Promise<string> {
  // What the process loads on its first import is no growth by the file.
  const header = (await readFile(file, 'utf8')).split('\n', 2).join('\n');
  const load = async (body: string | Blob) =>
    measuredAnswer(where, '/imports/loan', { method: 'POST', headers: CSV, body });
  await load(`${header}\n`);
  const lines: string[] = [];
  for (const what of ['new', 'known']) {
    const { result, growth } = await memoryGrowth(where.api, async () => load(await openAsBlob(file)));
    const loans = await countLoans();
    lines.push(
      `  ${loans} ${what} loans imported in ${result.seconds.toFixed(1)} s; API grew by ${(growth / MEBIBYTE).toFixed(0)} MiB`,
    );
  }
  lines.push(`  ${await refusal(where, file, countLoans)}`);
  return lines.join('\n');
}

/** A loan that is not known yet in front, a bad row in the middle: the first must not be stored. */
async function refusal({ api, tenant }: MeasuredApi, file: string, countLoans: () => Promise<number>): Promise<string> {
  const [header = '', ...rows] = (await readFile(file, 'utf8')).trimEnd().split('\n');
  const middle = Math.floor(rows.length / 2);
  const column = header.split(',').indexOf('loan_amount');
  const bad = (rows[middle] ?? '').split(',').map((cell, at) => (at === column ? '12x' : cell));
  const unknown = (rows[0] ?? '').replace(/^[^,]*/, 'NEW-LOAN');
  rows[middle] = bad.join(',');
  await writeFile(`${file}.bad`, `${[header, unknown, ...rows].join('\n')}\n`);
  const before = await countLoans();
  const begun = performance.now();
  const answer = await fetch(`${api}/api/powerfill/imports/loan`, {
    method: 'POST',
    headers: { 'x-tenant-id': tenant, ...CSV },
    body: await openAsBlob(`${file}.bad`),
    signal: AbortSignal.timeout(120_000),
  });
  const { errors } = (await answer.json()) as Refusal;
  const stored = (await countLoans()) - before;
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  return `One bad row in the middle: ${answer.status} in ${seconds} s, ${stored} loans stored, ${JSON.stringify(errors)}`;
}
