import { setTimeout as pause } from 'node:timers/promises';
import { gauge, metricsOf } from './process-figures';

const ANSWER_MS = 300_000;
const SAMPLE_MS = 50;

/** Where an API listens, and the tenant that is asked of it. */
export interface MeasuredApi {
  readonly api: string;
  readonly tenant: string;
}

/** An answer read to its end. */
export interface MeasuredAnswer {
  readonly seconds: number;
  readonly bytes: number;
  /** Line feeds in it; the rows of a CSV and its header. */
  readonly lines: number;
}

/** Sends a request and counts what comes back, without keeping it. @throws Error when it is refused */
export async function measuredAnswer(
  { api, tenant }: MeasuredApi,
  path: string,
  init: RequestInit = {},
): Promise<MeasuredAnswer> {
  const begun = performance.now();
  const response = await fetch(`${api}/api/powerfill${path}`, {
    ...init,
    headers: { 'x-tenant-id': tenant, ...(init.headers as Record<string, string> | undefined) },
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (!response.ok || response.body === null) {
    throw new Error(`${path} was answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
  }
  let [bytes, lines] = [0, 0];
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1;
  }
  return { seconds: (performance.now() - begun) / 1000, bytes, lines };
}

/**
 * Does something and tells by how many bytes the resident memory of a process grew meanwhile: the highest of samples
 * taken all the time over the one before. The process should have answered once before, so that what it loads on its
 * first answer does not count.
 */
export async function memoryGrowth<T>(origin: string, work: () => Promise<T>): Promise<{ result: T; growth: number }> {
  const resident = async () => gauge(await metricsOf(origin), 'process_resident_memory_bytes');
  const before = await resident();
  let highest = before;
  let isOver = false;
  const sampling = (async () => {
    while (!isOver) {
      highest = Math.max(highest, await resident());
      await pause(SAMPLE_MS);
    }
  })();
  try {
    const result = await work();
    return { result, growth: Math.max(highest, await resident()) - before };
  } finally {
    isOver = true;
    await sampling;
  }
}
