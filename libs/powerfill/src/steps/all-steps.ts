import { type AllocationRunner } from '../allocation-worker';
import { AllocationStep } from './allocation.step';
import { CandidateBuilderStep } from './candidate-builder.step';
import { CashGridsStep } from './cash-grids.step';
import { PoolGuideStep } from './pool-guide.step';
import { type RunStep } from './run-step';
import { SettleAndPriceStep } from './settle-and-price.step';
import { UeStep } from './ue.step';

/** The six steps in the order of `STEPS`. */
export const allSteps = (runner: AllocationRunner): readonly RunStep[] => [
  new CashGridsStep(),
  new SettleAndPriceStep(),
  new CandidateBuilderStep(),
  new AllocationStep(runner),
  new PoolGuideStep(),
  new UeStep(),
];
