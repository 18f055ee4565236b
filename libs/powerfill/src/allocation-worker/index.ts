export { AllocationWorkerPool, type AllocationWorkerPoolOptions } from './allocation-worker-pool';
export { type AllocationSolution, kickoutAt, type KickoutColumns, type SolvedKickout } from './allocation-solution';
export { InProcessAllocationRunner } from './in-process-runner';
export { spareHelpers, withThreadCrew } from './thread-crew';
export { type AllocationRunner, type SolveRequest } from './runner';
