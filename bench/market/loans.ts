import { type Prng } from '../prng';
import {
  BALANCE,
  CONFORMING_LIMIT,
  DTI,
  FICO,
  LTV_SPIKES,
  MEAN_RATE,
  OCCUPANCY,
  type Program,
  PROGRAMS,
  STANDARD_NORMAL,
  STATES,
} from './tables';

export interface MarketLoan {
  id: string;
  /** Cents. */
  amount: number;
  program: Program;
  /** 1e-3 percent. */
  noteRate: number;
  fico: number;
  ltv: number;
  dti: number;
  state: string;
  occupancy: string;
  highBalance: boolean;
  /** First settlement month the loan is ready for: 0, 1 or 2. */
  readyMonth: number;
  /** The branch that made the loan, 0 to 15. */
  branch: number;
  /** The servicing may go with the loan. */
  servicingReleasable: boolean;
}

/** 76 % of rates stand on an eighth, the rest a hair below one. */
function noteRateOf(random: Prng, program: Program): number {
  const rate = MEAN_RATE[program] + Math.round((random.quantile(STANDARD_NORMAL) * 420) / 1000);
  const eighth = Math.round(rate / 125) * 125;
  return random.chance(760) ? eighth : eighth - random.pick([1, 1, 10, 26]);
}

function balanceOf(random: Prng, program: Program): number {
  const highBalance = program !== 'conv15' && random.chance(25);
  const dollars = highBalance ? random.between(CONFORMING_LIMIT + 1, 1_249_125) : random.quantile(BALANCE);
  return dollars * 100 + (random.chance(10) ? random.between(1, 99) : 0);
}

/** A pipeline of loans, reproducible from the generator's state. */
export function marketLoans(random: Prng, count: number): MarketLoan[] {
  const width = String(count).length;
  return Array.from({ length: count }, (_, at) => {
    const program = random.weighted(PROGRAMS);
    const amount = balanceOf(random, program);
    const ltv = random.weighted(LTV_SPIKES);
    return {
      id: `L${String(at + 1).padStart(width, '0')}`,
      amount,
      program,
      noteRate: noteRateOf(random, program),
      fico: random.quantile(FICO),
      ltv: ltv === 'spread' ? Math.max(random.between(20, 97), random.between(20, 97)) : ltv,
      dti: random.quantile(DTI),
      state: random.weighted(STATES),
      occupancy: random.weighted(OCCUPANCY),
      highBalance: amount > CONFORMING_LIMIT * 100,
      readyMonth: random.weighted([
        [0, 45],
        [1, 35],
        [2, 20],
      ]),
      branch: random.between(0, 15),
      servicingReleasable: random.chance(600),
    };
  });
}
