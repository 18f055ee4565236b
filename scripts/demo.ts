import { setTimeout as pause } from 'node:timers/promises';
import type { RunResponse, StepReport } from '@powerfill/core/domain/run-response';
import { presentRun, unexplainedCents } from './demo/present-run';
import { ServiceClient } from './demo/service-client';
import { AS_OF } from './generate/sample-calendar';

const RECONNECT_MS = 1_000;
const RUN_TIMEOUT_MS = 10 * 60_000;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** A step's line, once it has ended. */
function stepLine({ name, status, rows, ms, note }: StepReport): string {
  const seconds = ms === null ? '' : `${(ms / 1000).toFixed(2)} s`;
  const written = rows === null ? '' : `${rows} rows`;
  return `  ${name.padEnd(22)}${status.padEnd(9)}${seconds.padStart(8)}${written.padStart(14)}  ${note ?? ''}`.trimEnd();
}

/** Where the run is, on a line that is written over; only for somebody who looks on. */
function showProgress({ step, fraction }: RunResponse['progress']): void {
  if (process.stderr.isTTY) process.stderr.write(`\r  ${step ?? ''} ${(fraction * 100).toFixed(0)} %\u001b[K`);
}

/** Follows the run's events to its end, says once what each step did, and comes back when the connection breaks. */
async function follow(client: ServiceClient, runId: string): Promise<RunResponse> {
  const told = new Set<string>();
  const tellStep = (step: StepReport): void => {
    if (step.status === 'pending' || step.status === 'running' || told.has(step.name)) return;
    told.add(step.name);
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    say(stepLine(step));
  };
  const deadline = performance.now() + RUN_TIMEOUT_MS;
  while (performance.now() < deadline) {
    for await (const { event, data } of client.events(runId)) {
      if (event === 'progress') showProgress(data as RunResponse['progress']);
      if (event === 'step') tellStep(data as StepReport);
      if (event === 'state' || event === 'end') (data as RunResponse).steps.forEach(tellStep);
      if (event === 'end') return data as RunResponse;
    }
    await pause(RECONNECT_MS);
  }
  throw new Error(`Run ${runId} has not ended.`);
}

/** A run of the sample has loans and trades, and explains every dollar of the pipeline. */
function isWhole({ counts, dollars_by_outcome: sums }: RunResponse): boolean {
  if (counts === null || counts.loans === 0 || counts.trades === 0) {
    say('The run saw no loans or no trades: the sample data is not there.');
    return false;
  }
  return sums !== null && unexplainedCents(sums) === 0n;
}

/**
 * Submits a run on the sample's date to a service that is up, shows its progress on stderr and its result on stdout.
 *
 * @param origin of the API, e.g. http://127.0.0.1:3000
 * @param tenant look-up key of the tenant
 * @returns the run's id, and whether it is Complete with dollars that add up
 */
export async function showRun(origin: string, tenant: string): Promise<{ runId: string; succeeded: boolean }> {
  const client = new ServiceClient(origin, tenant);
  const { runId, isNew } = await client.submitRun({ as_of_date: AS_OF });
  say(isNew ? `Submitted run ${runId}.` : `Run ${runId} is active already; following it.`);
  const run = await follow(client, runId);
  if (run.status !== 'Complete') {
    say(`Run ${runId} ended ${run.status}: ${run.failure?.step ?? ''} ${run.failure?.message ?? ''}`.trimEnd());
    return { runId, succeeded: false };
  }
  process.stdout.write(`\n${presentRun(run, await client.summary(runId))}\n`);
  return { runId, succeeded: isWhole(run) };
}
