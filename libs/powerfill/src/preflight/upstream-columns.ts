import { tenantDatabase } from '@powerfill/tenancy';
import { UpstreamColumns, upstreamSchemaOf } from '../runs/upstream-columns';
import { finding, type Finding } from './finding';

/**
 * What the upstream schema of this tenant lacks of what a run reads: a table or a column without which it cannot run
 * is an error, an optional column a warning, since it is read as empty. A missing pay-up table is its own finding.
 */
export async function missingUpstreamColumns(): Promise<Finding[]> {
  const { dataSource, tenant } = tenantDatabase();
  const schema = upstreamSchemaOf(tenant);
  const columns = await UpstreamColumns.read(dataSource);
  return [
    ...finding(
      'upstream_column_missing',
      `The upstream schema ${schema} lacks columns that a run cannot do without; add them.`,
      columns.missing().map((id) => ({ id })),
    ),
    ...finding(
      'upstream_column_optional',
      `The upstream schema ${schema} lacks optional columns, which are read as empty; add them if there are data.`,
      columns.absent().map((id) => ({ id })),
    ),
  ];
}
