/** An error and what it wraps: TypeORM keeps the driver's error in `driverError`, others in `cause`. */
export function errorChain(error: unknown): object[] {
  const chain: object[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || chain.includes(value)) return;
    chain.push(value);
    const fields = value as Record<string, unknown>;
    visit(fields['driverError']);
    visit(fields['originalError']);
    visit(fields['cause']);
    if (Array.isArray(fields['errors'])) fields['errors'].forEach(visit);
  };
  visit(error);
  return chain;
}

export function textField(value: object, name: string): string | undefined {
  const field = (value as Record<string, unknown>)[name];
  return typeof field === 'string' ? field : undefined;
}

export function numberField(value: object, name: string): number | undefined {
  const field = (value as Record<string, unknown>)[name];
  return typeof field === 'number' ? field : undefined;
}
