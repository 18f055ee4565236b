import type { ClaimedStatus } from './run-status';

/** The six steps in order, with the status the run has while each works (engine.md, section 1). */
export const STEPS = [
  { name: 'bx_cash_grids', status: 'PreProcessing' },
  { name: 'bx_settle_and_price', status: 'PreProcessing' },
  { name: 'candidate_builder', status: 'PreProcessing' },
  { name: 'allocation', status: 'Allocating' },
  { name: 'pool_guide', status: 'PostProcessing' },
  { name: 'ue', status: 'PostProcessing' },
] as const satisfies readonly { name: string; status: ClaimedStatus }[];

/** A step's name on the wire. */
export type StepName = (typeof STEPS)[number]['name'];
