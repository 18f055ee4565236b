export { AllocationWorkerPool, type AllocationWorkerPoolOptions } from './allocation-worker-pool';
export { type AllocationSolution, kickoutAt, type KickoutColumns, type SolvedKickout } from './allocation-solution';
export { InProcessAllocationRunner } from './in-process-runner';
export { type AllocationRunner, type SolveRequest } from './runner';
