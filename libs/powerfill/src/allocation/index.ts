/**
 * The allocation core (engine.md, sections 2 and 3): `readProblem` compiles a problem file, `solve` allocates it and
 * `toResultFile` renders the result. Pure TypeScript: no framework, no I/O, no clock.
 *
 * Folders, each built on those before it: `problem` (what is asked), `stage` (what one optimisation chooses among, and under
 * which conditions), `relaxation` (linear programs), `bound` (certified in integers), `compositions` (each trade's best set
 * of loans: a tighter bound, and dives), `search` (local search), `polish` (exchanges and sub-problems), `modes` (the course
 * of a global or priority run). `small` solves small problems exactly; `certificate` says what a result is worth and why.
 */
export { type Checkpoint } from './checkpoint';
export {
  type Answer,
  type Crew,
  type CrewJob,
  type CrewKind,
  type Performer,
  performerOf,
  type Setting,
  SOLO,
  type Task,
} from './crew';
export { ProblemError, SolveAborted } from './errors';
export { formatDecimal, mulRate, parseDecimal } from './problem/exact-arithmetic';
export { highsRuntime } from './relaxation/highs-runtime';
export type * from './problem/problem';
export type * from './problem/problem-file';
export { readProblem } from './problem/read-problem';
export { toResultFile, type ResultFacts, type ResultFile } from './certificate/result-file';
export type * from './solution';
export { solve, type SolveTuning } from './solve';
