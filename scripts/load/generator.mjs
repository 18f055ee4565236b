import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const OPTIONS = JSON.stringify({ as_of_date: '2026-11-23', effort: 'interactive' });
/** Connections to one API; a call that is due beyond them waits for one, and its wait counts. */
const CONNECTIONS = 200;
const TIMEOUT_MS = 30_000;

/** One submission of a tenant. */
export const submission = (tenant) => ({ method: 'POST', path: '/api/powerfill/run', tenant, body: OPTIONS });
export const reading = ({ tenant, runId }) => ({ method: 'GET', path: `/api/powerfill/runs/${runId}`, tenant });
export const listing = (tenant) => ({ method: 'GET', path: '/api/powerfill/runs?limit=20', tenant });

function answerOf(agent, origin, { method, path, tenant, body }) {
  const headers = { 'content-type': 'application/json', 'x-tenant-id': tenant, 'x-subject': 'load' };
  return new Promise((resolve, reject) => {
    const asked = request(`${origin}${path}`, { method, headers, agent, timeout: TIMEOUT_MS }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece) => (text += piece));
      answer.once('end', () => resolve({ status: answer.statusCode, text }));
      answer.once('error', reject);
    });
    asked.once('timeout', () => asked.destroy(new Error('no answer in time')));
    asked.once('error', reject);
    asked.end(body);
  });
}

/** Of ascending values. */
const percentile = (ascending, percent) =>
  ascending[Math.min(ascending.length - 1, Math.floor((ascending.length * percent) / 100))]?.toFixed(1);

/**
 * Sends calls evenly spread in time, each when it is due and no matter whether earlier ones are answered, and measures
 * from the moment a call was due: whoever is late, this process included, makes the latency longer, never the load less.
 *
 * @param load.calls in a circle, in turn to the APIs; with `load.once` each is sent once
 * @returns the figures of a phase: latency in ms, answers by status, own CPU share
 */
export async function phase(name, origins, { calls, rate, seconds, once = false, onBody }) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const amount = once ? calls.length : Math.round(rate * seconds);
  const latencies = [];
  const answers = {};
  let failed = 0;
  const send = async (at, due) => {
    try {
      const { status, text } = await answerOf(agent, origins[at % origins.length], calls[at]);
      latencies.push(performance.now() - due);
      answers[status] = (answers[status] ?? 0) + 1;
      onBody?.(status, text, calls[at]);
    } catch {
      failed += 1;
    }
  };
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const sent = [];
  for (let index = 0; index < amount; index += 1) {
    const due = startedAt + (index * 1_000) / rate;
    const early = due - performance.now();
    if (early > 0) await pause(early);
    sent.push(send(index % calls.length, due));
  }
  await Promise.all(sent);
  agent.destroy();
  const elapsedMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  latencies.sort((a, b) => a - b);
  return {
    name,
    answers: Object.entries(answers)
      .map(([status, count]) => `${status}: ${count}`)
      .join(', '),
    calls: latencies.length,
    failed,
    perSecond: (latencies.length / (elapsedMs / 1_000)).toFixed(1),
    p50: percentile(latencies, 50),
    p90: percentile(latencies, 90),
    p99: percentile(latencies, 99),
    max: percentile(latencies, 100),
    generatorCpu: `${Math.round((user + system) / 10 / elapsedMs)} %`,
  };
}
