/**
 * The allocation core (engine.md, sections 2 and 3): `readProblem` compiles a problem file, `solve` allocates it and
 * `toResultFile` renders the result. Pure TypeScript: no framework, no I/O, no clock.
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
export { formatDecimal, mulRate, parseDecimal } from './exact-arithmetic';
export { highsRuntime } from './highs-runtime';
export type * from './problem';
export type * from './problem-file';
export { readProblem } from './read-problem';
export { toResultFile, type ResultFacts, type ResultFile } from './result-file';
export type * from './solution';
export { solve, type SolveTuning } from './solve';
