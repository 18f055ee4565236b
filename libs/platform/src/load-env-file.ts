import { existsSync } from 'node:fs';

/** Adds the variables of a `.env` file in the working directory, if there is one; what is already set wins. */
export function loadEnvFile(path = '.env'): void {
  if (existsSync(path)) process.loadEnvFile(path);
}

/** The raw environment, for `${NAME}` references in the tenant catalogue. */
export const environmentVariables = (): Readonly<Record<string, string | undefined>> => process.env;
