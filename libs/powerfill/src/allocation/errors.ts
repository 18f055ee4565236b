/** A fault of the problem file: `solve` ends with exit status 2 and names the place. */
export class ProblemError extends Error {
  readonly code = 'PROBLEM_INVALID';

  /**
   * @param path place in the problem file, e.g. `candidates[3].trade`
   * @param fault what is wrong there, in one clause
   */
  constructor(
    readonly path: string,
    readonly fault: string,
  ) {
    super(`${path}: ${fault}`);
    this.name = 'ProblemError';
  }
}

/** `SolveControl.shouldStop()` answered true; nothing of the solve may be used. */
export class SolveAborted extends Error {
  readonly code = 'SOLVE_ABORTED';

  constructor() {
    super('The solve was stopped by its caller.');
    this.name = 'SolveAborted';
  }
}
