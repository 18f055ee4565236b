import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

/** Follows runs by their event streams until all have ended or `withinMs` is over; tells how many did and what came. */
export async function followAll(runs, readEvents, withinMs) {
  const aborter = new AbortController();
  setMaxListeners(0, aborter.signal);
  const timer = setTimeout(() => aborter.abort(), withinMs);
  const counts = { opened: 0, refused: 0, ended: 0, events: 0 };
  const follow = async ({ origin, tenant, runId }) => {
    while (!aborter.signal.aborted) {
      const answer = await fetch(`${origin}/api/powerfill/runs/${runId}/events`, {
        headers: { 'x-tenant-id': tenant },
        signal: aborter.signal,
      });
      if (answer.status === 200) {
        counts.opened += 1;
        for await (const { event } of readEvents(answer.body)) {
          counts.events += 1;
          if (event === 'end') {
            counts.ended += 1;
            return;
          }
        }
      } else {
        // Too busy: a client comes back, as Retry-After says.
        counts.refused += 1;
        await answer.body?.cancel();
        await pause(1_000);
      }
    }
  };
  await Promise.all(
    runs.map((run) =>
      follow(run).catch((error) => {
        if (!aborter.signal.aborted) throw error;
      }),
    ),
  );
  clearTimeout(timer);
  return counts;
}

/** Samples the resident memory of processes from their metrics once a second until `stop` is called. */
export function watchMemory(processes) {
  const series = new Map(processes.map(({ name }) => [name, []]));
  let stopped = false;
  const sample = async ({ name, origin }) => {
    try {
      const text = await (await fetch(`${origin}/metrics`, { signal: AbortSignal.timeout(5_000) })).text();
      const bytes = /^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1];
      if (bytes !== undefined) series.get(name).push(Math.round(Number(bytes) / 1_048_576));
    } catch (error) {
      // Too busy to tell in time: there will be a next sample.
      if (error.name !== 'TimeoutError' && !(error instanceof TypeError)) throw error;
    }
  };
  const loop = (async () => {
    while (!stopped) {
      await Promise.all(processes.map(sample));
      await pause(1_000);
    }
  })();
  return {
    add(process) {
      series.set(process.name, []);
      processes.push(process);
    },
    async stop() {
      stopped = true;
      await loop;
      return [...series].map(([name, values]) => ({
        process: name,
        first: values[0],
        highest: Math.max(...values),
        last: values.at(-1),
      }));
    },
  };
}
