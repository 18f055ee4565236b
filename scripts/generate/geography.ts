import type { LoanLimitRow } from '@powerfill/core/entities';
import type { SeededRandom, Weighted } from './random';
import { dollars } from './units';

export interface Place {
  readonly state: string;
  readonly county: string;
}

/** Share of loans by state in 1/1000, measured on late-2022 Fannie Mae production (market.md, section 2); the tail is ours. */
const STATES: Weighted<string> = [
  ['CA', 110], ['TX', 104], ['FL', 92], ['NC', 42], ['IL', 40], ['GA', 40], ['AZ', 36], ['PA', 33],
  ['OH', 31], ['NJ', 31], ['MI', 31], ['NY', 31], ['CO', 29], ['VA', 26], ['WA', 25], ['TN', 25],
  ['MA', 22], ['MO', 21], ['MD', 21], ['IN', 20], ['MN', 20], ['SC', 19], ['WI', 18], ['UT', 16],
  ['AL', 14], ['OR', 13], ['NV', 13], ['KY', 12], ['LA', 12], ['OK', 11], ['CT', 10], ['ID', 9],
  ['IA', 8], ['KS', 8], ['AR', 8], ['NM', 6], ['NE', 5], ['NH', 5], ['HI', 2], ['DC', 1],
]; // prettier-ignore

/** Counties whose limit is the high-cost ceiling. */
const HIGH_COST: Readonly<Record<string, readonly string[]>> = {
  CA: ['Los Angeles', 'Orange', 'San Francisco', 'Santa Clara', 'Alameda', 'San Mateo', 'Contra Costa', 'Marin'],
  NY: ['New York', 'Kings', 'Queens', 'Nassau', 'Westchester'],
  NJ: ['Bergen', 'Hudson', 'Essex', 'Morris'],
  VA: ['Fairfax', 'Arlington', 'Loudoun'],
  MD: ['Montgomery', "Prince George's"],
  DC: ['District of Columbia'],
};

const OTHER_COUNTIES: Readonly<Record<string, readonly string[]>> = {
  CA: ['Riverside', 'San Bernardino', 'Sacramento', 'Fresno', 'Kern'],
  TX: ['Harris', 'Dallas', 'Tarrant', 'Bexar', 'Travis'],
  FL: ['Miami-Dade', 'Broward', 'Hillsborough', 'Orange', 'Duval'],
  NC: ['Mecklenburg', 'Wake'], IL: ['Cook', 'DuPage'], GA: ['Fulton', 'Gwinnett'], AZ: ['Maricopa', 'Pima'],
  PA: ['Philadelphia', 'Allegheny'], OH: ['Franklin', 'Cuyahoga'], NJ: ['Camden', 'Gloucester'],
  MI: ['Wayne', 'Oakland'], NY: ['Erie', 'Monroe', 'Onondaga'], CO: ['El Paso', 'Adams'],
  VA: ['Henrico', 'Chesterfield'], WA: ['Spokane', 'Clark'], TN: ['Shelby', 'Davidson'], MA: ['Worcester', 'Hampden'],
  MO: ['St. Louis', 'Jackson'], MD: ['Baltimore', 'Harford'], IN: ['Marion'], MN: ['Hennepin', 'Ramsey'],
  SC: ['Greenville', 'Horry'], WI: ['Milwaukee', 'Dane'], UT: ['Salt Lake', 'Utah'], AL: ['Jefferson', 'Madison'],
  OR: ['Multnomah', 'Lane'], NV: ['Clark', 'Washoe'], KY: ['Jefferson', 'Fayette'], LA: ['East Baton Rouge'],
  OK: ['Oklahoma', 'Tulsa'], CT: ['Hartford', 'New Haven'], ID: ['Ada'], IA: ['Polk'], KS: ['Johnson'],
  AR: ['Pulaski'], NM: ['Bernalillo'], NE: ['Douglas'], NH: ['Hillsborough'], HI: ['Honolulu'],
}; // prettier-ignore

const HIGH_COST_PLACES: readonly Place[] = Object.entries(HIGH_COST).flatMap(([state, counties]) =>
  counties.map((county) => ({ state, county })),
);

/** 2026 limits in dollars by units 1-4 (market.md, 1.3); the ceiling is 150 % of the base. */
export const BASE_LIMITS = [832_750, 1_066_250, 1_288_800, 1_601_750] as const;
export const CEILINGS = [1_249_125, 1_599_375, 1_933_200, 2_402_625] as const;

/** A county drawn by the measured state mix. */
export function drawPlace(random: SeededRandom): Place {
  return drawPlaceIn(random, random.weighted(STATES));
}

/** A county of the state; half of those in a state with high-cost counties are high-cost. */
export function drawPlaceIn(random: SeededRandom, state: string): Place {
  const high = HIGH_COST[state] ?? [];
  const other = OTHER_COUNTIES[state] ?? [];
  const counties = high.length > 0 && (other.length === 0 || random.chance(500)) ? high : other;
  return { state, county: random.pick(counties) };
}

/** A county whose limit is the ceiling, California first: where loans above the national limit are made. */
export function drawHighCostPlace(random: SeededRandom): Place {
  return random.chance(600)
    ? { state: 'CA', county: random.pick(HIGH_COST['CA'] ?? []) }
    : random.pick(HIGH_COST_PLACES);
}

/** Limit of a one- to four-unit loan at a place, in cents. */
export function areaLimit(place: Place, units: number): number {
  const table = isHighCost(place) || place.state === 'HI' ? CEILINGS : BASE_LIMITS;
  return dollars(table[units - 1] ?? table[0]);
}

/** Above this amount, in cents, a loan at the place is high balance; Hawaii's base is the mainland's ceiling. */
export function baseLimit(place: Place, units: number): number {
  const table = place.state === 'HI' ? CEILINGS : BASE_LIMITS;
  return dollars(table[units - 1] ?? table[0]);
}

const isHighCost = ({ state, county }: Place): boolean => HIGH_COST[state]?.includes(county) ?? false;

/** `ref_loan_limits` of 2026: the nation, Hawaii and every high-cost county, by units. */
export function loanLimitRows(): LoanLimitRow[] {
  const places: Place[] = [{ state: '*', county: '' }, { state: 'HI', county: '' }, ...HIGH_COST_PLACES];
  return places.flatMap((place) =>
    [1, 2, 3, 4].map((units) => ({
      year: 2026,
      state: place.state,
      county: place.county,
      units,
      base_limit: baseLimit(place, units),
      limit_amount: areaLimit(place, units),
    })),
  );
}
