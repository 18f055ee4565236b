/** Base of the errors of this library; `code` is stable. */
export class TenancyError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** The catalogue cannot be used; the message lists every fault and never a secret. */
export class TenantCatalogueError extends TenancyError {
  constructor(
    readonly source: string,
    readonly faults: readonly string[],
  ) {
    super(
      'tenant_catalogue',
      `The tenant catalogue ${source} is not usable:\n${faults.map((f) => `  ${f}`).join('\n')}`,
    );
  }
}

/** Code reached for a tenant's data outside any tenant's scope, or after that scope had ended. */
export class NoTenantScopeError extends TenancyError {
  constructor(problem = 'No tenant scope is open here') {
    super('no_tenant_scope', problem);
  }
}

/** Every connection this process may hold belongs to a database in use, and none was released in time. */
export class TenantDatabasesBusyError extends TenancyError {
  constructor(connections: number, waitedMs: number) {
    super('tenant_databases_busy', `All ${connections} connections of this process were in use for ${waitedMs} ms`);
  }
}

/** The process is shutting down and opens no database any more. */
export class TenantDataSourcesClosedError extends TenancyError {
  constructor() {
    super('tenant_databases_closed', 'The tenant databases are closed');
  }
}
