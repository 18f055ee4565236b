import { StepError } from '../steps/run-step';

/** What a trader or operator reads of an error: a step's own words, or class and message of anything else. */
export function describeFailure(error: unknown): string {
  if (error instanceof StepError) return `${error.code}: ${error.message}`;
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  return String(error);
}
