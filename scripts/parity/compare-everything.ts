import { compareReport, compareResponses, reportsOf } from './compare-reports';
import { COMPARED_TABLES, compareTable } from './compare-tables';
import type { Compared } from './present';
import type { Sides } from './sides';

/** Compares tables, reports and the response of the run, one after the other. */
export async function compareEverything(sides: Sides): Promise<Compared[]> {
  const compared: Compared[] = [];
  for (const table of COMPARED_TABLES) compared.push({ name: table.name, ...(await compareTable(sides, table)) });
  for (const report of reportsOf(sides))
    compared.push({ name: `report ${report}`, ...(await compareReport(sides, report)) });
  compared.push({ name: 'run response', ...(await compareResponses(sides)) });
  return compared;
}
