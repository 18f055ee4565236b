/** One variable: how it is read, its default (null = must be given) and what it is for. */
interface Variable<T> {
  readonly default: string | null;
  readonly help: string;
  readonly parse: (text: string) => T;
}

const fail = (expected: string): never => {
  throw new Error(expected);
};

const string = (fallback: string | null, help: string): Variable<string> => ({
  default: fallback,
  help,
  parse: (text) => text,
});

const whole = (fallback: number, help: string, min: number, max: number): Variable<number> => ({
  default: String(fallback),
  help,
  parse: (text) => {
    const value = /^\d{1,12}$/.test(text) ? Number(text) : NaN;
    return value >= min && value <= max ? value : fail(`a whole number from ${min} to ${max}`);
  },
});

const oneOf = <const V extends string>(fallback: V, help: string, values: readonly V[]): Variable<V> => ({
  default: fallback,
  help,
  parse: (text) => values.find((value) => value === text) ?? fail(`one of ${values.join(', ')}`),
});

const bool = (fallback: boolean, help: string): Variable<boolean> => ({
  default: String(fallback),
  help,
  parse: (text) => (text === 'true' ? true : text === 'false' ? false : fail('true or false')),
});

const url = (fallback: string | null, help: string, protocols: readonly string[]): Variable<string> => ({
  default: fallback,
  help,
  parse: (text) => {
    const parsed = URL.canParse(text) ? new URL(text) : null;
    return parsed && protocols.includes(parsed.protocol) ? text : fail(`a URL starting with ${protocols.join(' or ')}`);
  },
});

const DAY_MS = 86_400_000;

/**
 * Every variable the processes read; durations in milliseconds. `.env.example` is this table as text, and a
 * test keeps the two equal.
 */
export const VARIABLES = {
  HOST: string('127.0.0.1', 'Address both processes listen on.'),
  ALLOW_UNAUTHENTICATED_ACCESS: bool(
    false,
    'There is no authentication yet: another HOST than 127.0.0.1 is refused unless this says true as well.',
  ),
  PORT: whole(3000, 'Port of the API; 0 = any free one.', 0, 65_535),
  WORKER_PORT: whole(3001, "Port of a worker's health and metrics; 0 = any free one.", 0, 65_535),
  LOG_LEVEL: oneOf('info', 'Least severe log line written.', ['trace', 'debug', 'info', 'warn', 'error', 'fatal']),
  TENANT_CATALOGUE: string('.data/tenants.json', 'Path of the tenant catalogue.'),
  REDIS_URL: url('redis://127.0.0.1:6379', 'Redis that delivers jobs and cancel flags.', ['redis:', 'rediss:']),
  QUEUE_PREFIX: string('powerfill', 'Prefix of every Redis key.'),
  QUEUE_CAPACITY: whole(64, 'Waiting runs at which submissions are answered 503.', 1, 1_000_000),
  QUEUE_ANSWER_MS: whole(2_000, 'Longest an API request waits for Redis.', 50, 60_000),
  QUEUE_TIMEOUT_MS: whole(900_000, 'A run Pending longer than this fails with queue_timeout.', 1_000, DAY_MS),
  EVENT_STREAMS: whole(
    400,
    'Clients that may follow runs at an API process at once; a tenant gets a quarter.',
    1,
    100_000,
  ),
  WORKER_CONCURRENCY: whole(2, 'Runs a worker process executes at once.', 1, 64),
  ALLOCATION_THREADS: whole(1, 'Worker threads for the allocation core in each worker process.', 1, 16),
  ALLOCATION_HELPERS: whole(1, 'Threads that help each of them in long searches; results do not depend on it.', 0, 15),
  ALLOCATION_MEMORY_MB: whole(1_536, 'Heap limit of an allocation thread.', 64, 65_536),
  RUN_TIMEOUT_MS: whole(900_000, 'A run that works longer than this fails with timeout.', 1_000, DAY_MS),
  LEASE_MS: whole(30_000, 'A claimed run whose heartbeat is older than this is dead.', 500, 3_600_000),
  HEARTBEAT_MS: whole(5_000, 'Interval at which a worker renews its lease; below a third of LEASE_MS.', 100, 600_000),
  CANCEL_POLL_MS: whole(250, 'Interval at which a worker polls the cancel flag.', 50, 10_000),
  SWEEP_MS: whole(10_000, 'Interval of the reconciler.', 200, 3_600_000),
  PENDING_GRACE_MS: whole(5_000, 'Age at which a Pending run without a job is enqueued again.', 100, 600_000),
  MAX_TAKEOVERS: whole(1, 'Times a run is given to another worker after its worker was lost.', 0, 100),
  MAX_HANDBACKS: whole(10, 'Times a run is handed back by a worker that shuts down.', 0, 1_000),
  SHUTDOWN_GRACE_MS: whole(25_000, 'Time a running run gets to finish after SIGTERM.', 0, 3_600_000),
  RETAINED_RUNS: whole(5, 'Newest complete runs of a tenant that keep their outputs.', 1, 1_000),
  FORENSIC_DAYS: whole(30, 'Days the forensic rows of failed and cancelled runs are kept.', 1, 3_650),
  DATABASE_POOL_SIZE: whole(4, "Connections of a process to one tenant's database, at most.", 2, 100),
  DATABASE_CONNECTIONS: whole(40, 'Connections of a process to all databases together, at most.', 2, 100_000),
  DATABASE_CONNECT_MS: whole(2_000, 'Longest wait for a database connection.', 100, 60_000),
  DATABASE_ANSWER_MS: whole(
    10_000,
    'Longest a caller waits for the database: for a run, a report or a change of the configuration.',
    500,
    600_000,
  ),
  DATABASE_STATEMENT_MS: whole(120_000, 'Longest time of one statement.', 1_000, 3_600_000),
  BULL_BOARD_WRITABLE: bool(false, 'Lets operators retry and remove jobs in Bull Board.'),
} satisfies Record<string, Variable<unknown>>;

/** The validated environment. */
export type Environment = {
  readonly [K in keyof typeof VARIABLES]: (typeof VARIABLES)[K] extends Variable<infer T> ? T : never;
};

/** The environment is wrong; the message lists every fault. */
export class EnvironmentError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The environment is not usable:\n${faults.map((fault) => `  ${fault}`).join('\n')}\nSee .env.example.`);
    this.name = 'EnvironmentError';
  }
}

function crossChecks(environment: Environment): string[] {
  const faults: string[] = [];
  if (environment.HEARTBEAT_MS * 3 > environment.LEASE_MS)
    faults.push('HEARTBEAT_MS must be at most a third of LEASE_MS.');
  // Each run at work holds its tenant's pool; without one more, no sweep reaches another tenant and no job is claimed.
  const inUse = environment.DATABASE_POOL_SIZE * (environment.WORKER_CONCURRENCY + 1);
  if (environment.DATABASE_CONNECTIONS < inUse)
    faults.push(`DATABASE_CONNECTIONS must be at least DATABASE_POOL_SIZE x (WORKER_CONCURRENCY + 1), here ${inUse}.`);
  if (environment.HOST !== '127.0.0.1' && !environment.ALLOW_UNAUTHENTICATED_ACCESS) {
    faults.push(
      'HOST is not 127.0.0.1 but there is no authentication yet: set ALLOW_UNAUTHENTICATED_ACCESS=true too if you mean it.',
    );
  }
  return faults;
}

/**
 * Reads and validates the environment once.
 * @throws {EnvironmentError} naming every variable that is missing or malformed
 */
export function readEnvironment(source: Readonly<Record<string, string | undefined>> = process.env): Environment {
  const faults: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries(VARIABLES) as [string, Variable<unknown>][]) {
    const given = source[name];
    const text = given === undefined || given === '' ? variable.default : given;
    if (text === null) {
      faults.push(`${name} is missing: ${variable.help}`);
      continue;
    }
    try {
      values[name] = variable.parse(text);
    } catch (error) {
      faults.push(`${name} must be ${(error as Error).message}, but is "${text}".`);
    }
  }
  if (faults.length > 0) throw new EnvironmentError(faults);
  const environment = values as unknown as Environment;
  const conflicts = crossChecks(environment);
  if (conflicts.length > 0) throw new EnvironmentError(conflicts);
  return environment;
}

/** Text of `.env.example`. */
export function environmentExample(): string {
  const blocks = Object.entries(VARIABLES).map(
    ([name, variable]) => `# ${variable.help}\n${name}=${variable.default ?? ''}\n`,
  );
  return `# Every variable of the API and the workers with its default. Copy to .env and change what you need.\n\n${blocks.join('\n')}`;
}
