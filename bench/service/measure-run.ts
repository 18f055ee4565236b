import type { StepReport } from '@powerfill/core/domain/run-response';
import { grouped, textTable } from '../../scripts/demo/text-table';
import { TenantClient } from '../../scripts/soak/http-client';
import { type ProcessFigures, processFigures } from './process-figures';

const RUN_MS = 15 * 60_000;
const ANSWER_MS = 120_000;

/** Where the processes listen, and what to run. */
export interface MeasuredService {
  readonly api: string;
  readonly worker: string;
  readonly tenant: string;
  readonly options: object;
}

interface Answer {
  readonly what: string;
  readonly seconds: number;
  readonly bytes: number;
}

/** What a client reads after a run; each is fetched whole, one after the other. */
const READS = [
  'recap',
  'summary',
  'guide?limit=1000',
  'guide?format=csv',
  'kickouts?format=csv',
  'problem',
] as const satisfies readonly string[];

/** Executes one run, reads its reports and says in text what both cost. @throws Error when the run is not Complete */
export async function measureRun({ api, worker, tenant, options }: MeasuredService): Promise<string> {
  const begun = performance.now();
  const run = await new TenantClient(api, tenant).complete(options, RUN_MS);
  const seconds = (performance.now() - begun) / 1000;
  const ofWorker = await processFigures(worker);
  const answers: Answer[] = [];
  for (const path of READS) answers.push(await read(api, tenant, run.run_id, path));
  const ofApi = await processFigures(api);
  return [
    stepTable(run.steps, ofWorker),
    `  From submission to result ${seconds.toFixed(1)} s; worker ${processLine(ofWorker)}`,
    answerTable(answers),
    `  API ${processLine(ofApi)}`,
    '',
  ].join('\n\n');
}

async function read(origin: string, tenant: string, runId: string, path: string): Promise<Answer> {
  const begun = performance.now();
  const response = await fetch(`${origin}/api/powerfill/runs/${runId}/${path}`, {
    headers: { 'x-tenant-id': tenant },
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const { byteLength } = await response.arrayBuffer();
  if (!response.ok) throw new Error(`${path} was answered ${response.status}.`);
  return { what: path, seconds: (performance.now() - begun) / 1000, bytes: byteLength };
}

const processLine = ({ peakBytes, worstStall }: ProcessFigures): string =>
  `held at most ${(peakBytes / 2 ** 20).toFixed(0)} MiB, longest event-loop stall ${milliseconds(worstStall)}`;

const milliseconds = (seconds: number | undefined): string => `${((seconds ?? 0) * 1000).toFixed(0)} ms`;

function stepTable(steps: readonly StepReport[], { stallByStep }: ProcessFigures): string {
  const rows = [{ name: 'input', rows: null, ms: null }, ...steps];
  return textTable(rows, [
    { title: 'step', align: 'left', value: ({ name }) => name },
    { title: 'seconds', align: 'right', value: ({ ms }) => (ms === null ? '' : (ms / 1000).toFixed(2)) },
    { title: 'rows', align: 'right', value: ({ rows: count }) => (count === null ? '' : grouped(String(count))) },
    { title: 'own stall computing', align: 'right', value: ({ name }) => milliseconds(stallByStep.get(name)) },
    {
      title: 'own stall writing',
      align: 'right',
      value: ({ name }) => milliseconds(stallByStep.get(`${name} (writing)`)),
    },
  ]);
}

const answerTable = (answers: readonly Answer[]): string =>
  textTable(answers, [
    { title: 'read', align: 'left', value: ({ what }) => what },
    { title: 'seconds', align: 'right', value: ({ seconds }) => seconds.toFixed(2) },
    { title: 'bytes', align: 'right', value: ({ bytes }) => grouped(String(bytes)) },
  ]);
