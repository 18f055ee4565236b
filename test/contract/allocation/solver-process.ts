import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { type ProblemFile } from '@powerfill/core/allocation/problem/problem-file';
import { type SolveAnswer } from '../../../bench/solve-server';

const SCRIPT = join(__dirname, '..', '..', '..', 'dist', 'bench', 'solve-server.js');

/** The built core in a process of its own; one problem at a time. */
export class SolverProcess {
  private readonly child: ChildProcess;

  /** @param searchAll whether small problems are searched, too, instead of solved exactly */
  constructor({ searchAll } = { searchAll: false }) {
    this.child = fork(SCRIPT, searchAll ? ['--search-all'] : [], { serialization: 'advanced' });
  }

  solve(file: ProblemFile): Promise<SolveAnswer> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`the solver ended with status ${code}`));
      this.child.once('exit', ended);
      this.child.once('message', (answer) => {
        this.child.off('exit', ended);
        resolve(answer as SolveAnswer);
      });
      this.child.send(file);
    });
  }

  close(): void {
    this.child.disconnect();
  }
}
