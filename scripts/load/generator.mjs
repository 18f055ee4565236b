import autocannon from 'autocannon';

const OPTIONS = JSON.stringify({ as_of_date: '2026-11-23', effort: 'interactive' });

const headersOf = (tenant) => ({ 'content-type': 'application/json', 'x-tenant-id': tenant, 'x-subject': 'load' });

/** Calls one after the other in a circle, shared by all connections. */
function circle(calls) {
  let next = 0;
  return () => {
    const call = calls[next % calls.length];
    next += 1;
    return call;
  };
}

/** One submission of a tenant. */
export const submission = (tenant) => ({ method: 'POST', path: '/api/powerfill/run', tenant, body: OPTIONS });
export const reading = ({ tenant, runId }) => ({ method: 'GET', path: `/api/powerfill/runs/${runId}`, tenant });
export const listing = (tenant) => ({ method: 'GET', path: '/api/powerfill/runs?limit=20', tenant });

async function oneOrigin(url, calls, { rate, seconds, amount, onBody }) {
  const take = circle(calls);
  return autocannon({
    url,
    connections: Math.min(50, Math.max(10, Math.ceil(rate / 10))),
    overallRate: rate,
    ...(amount === undefined ? { duration: seconds } : { amount }),
    timeout: 30,
    requests: [
      {
        setupRequest: (request) => {
          const { method, path, tenant, body } = take();
          return { ...request, method, path, body, headers: { ...request.headers, ...headersOf(tenant) } };
        },
        onResponse: (status, body) => onBody?.(status, body),
      },
    ],
  });
}

/**
 * Sends calls at a steady rate, half of it to each API, and measures from the moment a call was due.
 *
 * @param load.calls in a circle; with `load.once` each is sent once
 * @returns the figures of a phase: latency in ms (of two APIs the worse), answers by status, own CPU share
 */
export async function phase(name, origins, { calls, rate, seconds, once = false, onBody }) {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const results = await Promise.all(
    origins.map((url, index) => {
      const own = calls.filter((_, at) => at % origins.length === index);
      const amount = once ? own.length : undefined;
      return oneOrigin(url, own, { rate: Math.ceil(rate / origins.length), seconds, amount, onBody });
    }),
  );
  const elapsedMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  const worst = (name) => Math.max(...results.map(({ latency }) => latency[name]));
  const answers = {};
  for (const { statusCodeStats } of results) {
    for (const [status, { count }] of Object.entries(statusCodeStats)) answers[status] = (answers[status] ?? 0) + count;
  }
  const sent = Object.values(answers).reduce((sum, count) => sum + count, 0);
  return {
    name,
    answers: Object.entries(answers)
      .map(([status, count]) => `${status}: ${count}`)
      .join(', '),
    calls: sent,
    failed: results.reduce((sum, { errors, timeouts }) => sum + errors + timeouts, 0),
    perSecond: (sent / (elapsedMs / 1_000)).toFixed(1),
    p50: worst('p50'),
    p90: worst('p90'),
    p99: worst('p99'),
    max: worst('max'),
    generatorCpu: `${Math.round((user + system) / 10 / elapsedMs)} %`,
  };
}
