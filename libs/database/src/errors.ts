/** Base of the errors of this library; `code` is stable and safe to show. */
export class DatabaseError extends Error {
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A value that its column cannot hold, found before it reaches the database. */
export class ColumnValueError extends DatabaseError {
  constructor(problem: string) {
    super('column_value', problem);
  }
}

/** The connection broke while COMMIT was under way: the caller must read back whether it took effect. */
export class CommitOutcomeUnknownError extends DatabaseError {
  constructor(cause: unknown) {
    super('commit_outcome_unknown', 'The connection was lost during COMMIT', { cause });
  }
}

/** Another process holds the application lock for longer than the caller would wait. */
export class ApplicationLockTimeoutError extends DatabaseError {
  constructor(name: string, waitMs: number) {
    super('application_lock_timeout', `Lock "${name}" is held by another process; gave up after ${waitMs} ms`);
  }
}

/** A connection setting that cannot be used. */
export class ConnectionSettingError extends DatabaseError {
  constructor(problem: string) {
    super('connection_setting', problem);
  }
}
