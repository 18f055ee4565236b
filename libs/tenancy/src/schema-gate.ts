import { checkSchema, type SchemaCheck } from '@powerfill/database';
import { tenantDatabase } from './tenant-scope';

/** How long a schema that fits is not looked at again. */
const TRUSTED_MS = 60_000;

/** A tenant's database that this process must not work on. */
export interface SchemaMisfit extends SchemaCheck {
  /** What it is and what to do about it, in one sentence. */
  readonly message: string;
}

/** Knows which tenants' databases this build can work on (runs.md, "Upgrades"). */
export class SchemaGate {
  private readonly checkedAt = new Map<string, number>();

  /** @param expected the schema version this build was made for */
  constructor(private readonly expected: number) {}

  /** Looks at the current tenant's schema, now and then; null when it fits. */
  async misfit(): Promise<SchemaMisfit | null> {
    const { tenant, dataSource, dialect } = tenantDatabase();
    const checkedAt = this.checkedAt.get(tenant.tenantId);
    if (checkedAt !== undefined && performance.now() - checkedAt < TRUSTED_MS) return null;
    const check = await checkSchema(dataSource, dialect, this.expected);
    if (check.state !== 'ok') return { ...check, message: messageOf(check, tenant.key) };
    this.checkedAt.set(tenant.tenantId, performance.now());
    return null;
  }
}

function messageOf({ state, version, expected }: SchemaCheck, tenantKey: string): string {
  const remedy =
    state === 'too_new' ? 'upgrade this process' : `run "npm run migrate -- --tenant ${tenantKey}" and try again`;
  const found = version === null ? 'has no schema yet' : `has schema version ${version}`;
  return `The tenant's database ${found}, this process needs ${expected}: ${remedy}.`;
}
