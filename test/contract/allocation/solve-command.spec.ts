import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const root = join(__dirname, '..', '..', '..');

/**
 * Reservation 100: A is worth 1,000.00 at T1, B 2,000.00; T1 has room for one, and for B at that.
 * C may go nowhere. T1 is filled: nothing is owed. Objective 2,000.00.
 */
const problem = {
  loans: [
    { id: 'A', amount: '100000.00' },
    { id: 'B', amount: 100000 },
    { id: 'C', amount: 50000 },
  ],
  trades: [{ id: 'T1', target: 100000, max: 100000, pair_off_points: 0.5 }],
  candidates: [
    { loan: 'A', trade: 'T1', score: 101 },
    { loan: 'B', trade: 'T1', score: '102.00' },
  ],
  options: { reservation_price: 100 },
};

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'powerfill-solve-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string | Buffer | object): string {
  const path = join(folder, name);
  const raw = typeof content === 'string' || Buffer.isBuffer(content);
  writeFileSync(path, raw ? content : JSON.stringify(content));
  return path;
}

function runSolve(args: readonly string[], input = ''): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(root, 'scripts', 'solve.mjs'), ...args], { input, encoding: 'utf8' });
}

describe('npm run solve', () => {
  it('solves a file, prints its certificate and the verdict of the audit', () => {
    const { status, stdout, stderr } = runSolve([file('problem.json', problem)]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^objective +\$2,000\.00$/m);
    expect(stdout).toMatch(/^upper bound +\$2,000\.00$/m);
    expect(stdout).toMatch(/^gap +\$0\.00 = 0(\.0)? bp of UPB \(\$250,000\.00\)$/m);
    expect(stdout).toMatch(/^kicked out +NO_CANDIDATE 1, NO_ROOM 1$/m);
    expect(stdout).toMatch(/^T1 +Filled +100,000\.00/m);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('audit: passed');
  });

  it('writes the result where --out says, and nothing else there', () => {
    const out = join(folder, 'results');
    const { status } = runSolve([
      file('problem.json', problem),
      '--out',
      `${out}.json`,
      '--seed',
      '7',
      '--effort',
      'deep',
    ]);
    expect(status).toBe(0);
    expect(JSON.parse(readFileSync(`${out}.json`, 'utf8'))).toMatchObject({
      assignments: [
        { loan: 'A', trade: null },
        { loan: 'B', trade: 'T1' },
        { loan: 'C', trade: null },
      ],
      objective: '2000.00',
      upper_bound: '2000.00',
      audit: 'passed',
      seed: 7,
    });
    expect(readdirSync(folder).filter((name) => name.startsWith('results'))).toEqual(['results.json']);
  });

  it('reads gzip, and standard input, and writes the result to standard output', () => {
    expect(runSolve([file('problem.json.gz', gzipSync(JSON.stringify(problem)))]).status).toBe(0);
    const { status, stdout, stderr } = runSolve(['-', '--out', '-'], `\ufeff${JSON.stringify(problem)}`);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ objective: '2000.00' });
    expect(stderr).toContain('audit: passed');
  });

  it('solves a thousand loans that may all go to each of a thousand trades', () => {
    const loans = Array.from({ length: 1_000 }, (_, at) => ({ id: `L${at}`, amount: 50_000 + 500 * at }));
    const trades = Array.from({ length: 1_000 }, (_, at) => ({ id: `T${at}`, target: 600_000, pair_off_points: 0.1 }));
    const candidates = loans.flatMap((loan, i) =>
      trades.map((trade, j) => ({
        loan: loan.id,
        trade: trade.id,
        score: 100 + ((i * 7_919 + j * 104_729) % 997) / 250,
      })),
    );
    const options = { reservation_price: 100, effort: 'interactive' };
    const { status, stdout, stderr } = runSolve([file('million.json', { loans, trades, candidates, options })]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/1,?000,?000 candidates/);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('audit: passed');
  });

  it('ends with status 3 and names what blocks a problem without any solution', () => {
    const { status, stderr, stdout } = runSolve([file('all.json', { ...problem, options: { place_all: true } })]);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toMatch(/^infeasible: .*\n {2}loans: .*\bC\b/);
  });

  const broken: [name: string, content: string | Buffer | object, message: RegExp][] = [
    ['an empty file', '', /is empty$/],
    ['no JSON', '{"loans": [', /is not valid JSON: \S/],
    ['UTF-16', Buffer.from('\ufeff{}', 'utf16le'), /is not UTF-8 text$/],
    ['a cut gzip', gzipSync('{}').subarray(0, 12), /^cannot unpack .*: \S/],
    ['a list', [], /^bad problem: /],
    ['no loans', { trades: [], candidates: [] }, /^bad problem: loans: /],
    ['an amount of zero', { ...problem, loans: [{ id: 'A', amount: 0 }] }, /^bad problem: loans\[0\]\.amount: /],
    ['NaN for money', { ...problem, trades: [{ id: 'T1', max: 'NaN' }] }, /^bad problem: trades\[0\]\.max: /],
    [
      'an unknown trade',
      { ...problem, candidates: [{ loan: 'A', trade: 'T9', score: 1 }] },
      /^bad problem: candidates\[0\]\.trade: /,
    ],
    [
      'a pair that occurs twice',
      { ...problem, candidates: [problem.candidates[0], problem.candidates[0]] },
      /^bad problem: candidates\[1\]/,
    ],
    [
      'a market reservation',
      { ...problem, options: { reservation_price: 'market' } },
      /^bad problem: options\.reservation_price: /,
    ],
  ];

  it('ends with status 4 when the relaxation has a solution and the search found none', () => {
    // Seven trades with room for four loans and a half each: 31 and a half in parts, 28 whole, and 30 must be placed.
    const trades = Array.from({ length: 7 }, (_, j) => ({ id: `T${j}`, max: 450_000 }));
    const loans = Array.from({ length: 30 }, (_, i) => ({ id: `L${i}`, amount: 100_000 }));
    const candidates = loans.flatMap((loan) => trades.map((trade) => ({ loan: loan.id, trade: trade.id, score: 101 })));
    const { status, stdout, stderr } = runSolve([
      file('parts.json', { loans, trades, candidates, options: { place_all: true } }),
    ]);
    expect({ status, stdout }).toEqual({ status: 4, stdout: '' });
    expect(stderr).toMatch(/^none found: .*--effort deep/);
  });

  it.each(broken)('refuses %s with status 2 and one line', (name, content, message) => {
    const { status, stdout, stderr } = runSolve([file(`${name.replaceAll(' ', '-')}.json`, content)]);
    expect({ status, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({ status: 2, stdout: '', lines: 1 });
    expect(stderr.trimEnd()).toMatch(message);
  });

  it('refuses a missing file, a folder, and a place it cannot write to', () => {
    expect(runSolve([folder]).stderr).toMatch(/^cannot read .*: it is a folder\n$/);
    expect(runSolve([join(folder, 'none.json')]).stderr).toMatch(/^cannot read .*: there is no such file\n$/);
    const { status, stderr } = runSolve([file('problem.json', problem), '--out', join(folder, 'none', 'x.json')]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^cannot write /);
  });

  it.each([
    [[]],
    [['a.json', 'b.json']],
    [['a.json', '--effort', 'most']],
    [['a.json', '--seed', '-1']],
    [['a.json', '--fast']],
  ])('explains its usage to %j', (args) => {
    const { status, stderr } = runSolve(args);
    expect(status).toBe(2);
    expect(stderr).toContain('Usage: npm run solve');
  });
});
