import { type SolveWarning } from '../../allocation';
import { type RunWarning } from '../../domain/run-response';
import { type Reservations } from './reservations';

/** What the trader should know about how the allocation was set up and where it had to give way. */
export function allocationWarnings(reservations: Reservations, solver: readonly SolveWarning[]): RunWarning[] {
  const withoutMarket: RunWarning = {
    code: 'reservation_without_market',
    message: "No market price: reserved at the loan's own best score less 0.50 point.",
    count: reservations.withoutMarket,
  };
  return [
    ...(reservations.withoutMarket > 0 ? [withoutMarket] : []),
    ...solver.map(({ code, message }) => ({ code, message })),
  ];
}
