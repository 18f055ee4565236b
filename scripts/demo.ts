import { setTimeout as pause } from 'node:timers/promises';
import { isActive } from '@powerfill/core/domain/run-status';
import type { RunResponse, StepReport } from '@powerfill/core/domain/run-response';
import { presentRun, unexplainedCents } from './demo/present-run';
import { ServiceClient } from './demo/service-client';
import { AS_OF } from './generate/sample-calendar';

const POLL_MS = 150;
const RUN_TIMEOUT_MS = 10 * 60_000;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** A step's line, once it has ended. */
function stepLine({ name, status, rows, ms, note }: StepReport): string {
  const seconds = ms === null ? '' : `${(ms / 1000).toFixed(2)} s`;
  const written = rows === null ? '' : `${rows} rows`;
  return `  ${name.padEnd(22)}${status.padEnd(9)}${seconds.padStart(8)}${written.padStart(14)}  ${note ?? ''}`.trimEnd();
}

/** Polls the run to its end and says once what each step did. */
async function follow(client: ServiceClient, runId: string): Promise<RunResponse> {
  const told = new Set<string>();
  const deadline = performance.now() + RUN_TIMEOUT_MS;
  for (;;) {
    const run = await client.run(runId);
    for (const step of run.steps) {
      if (step.status === 'pending' || step.status === 'running' || told.has(step.name)) continue;
      told.add(step.name);
      say(stepLine(step));
    }
    if (!isActive(run.status)) return run;
    if (performance.now() > deadline) throw new Error(`Run ${runId} is still ${run.status}.`);
    await pause(POLL_MS);
  }
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
