import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './schema';

/** Where the service is, and who calls. */
export interface Caller {
  /** E.g. `http://127.0.0.1:3000`. */
  readonly origin: string;
  /** Look-up key of the tenant. */
  readonly tenant: string;
  /** Name that runs and changes are recorded under. */
  readonly subject?: string;
}

/** An operation whose headers may be left out: the client names tenant and caller itself. */
type WithOwnHeaders<O> = O extends { parameters: infer P }
  ? Omit<O, 'parameters'> & {
      parameters: Omit<P, 'header'> & { header?: P extends { header?: infer H } ? Partial<H> : never };
    }
  : O;

/** The routes of the API, as `openapi.json` says them. */
export type PowerfillPaths = { [P in keyof paths]: { [M in keyof paths[P]]: WithOwnHeaders<paths[P][M]> } };

/** A client of the whole API: paths, queries, bodies and answers are checked when it is compiled. */
export type PowerfillClient = Client<PowerfillPaths, 'application/json'>;

/** A client for one tenant. */
export function powerfillClient({ origin, tenant, subject }: Caller): PowerfillClient {
  return createClient<PowerfillPaths, 'application/json'>({
    baseUrl: origin,
    headers: { 'X-Tenant-Id': tenant, ...(subject === undefined ? {} : { 'X-Subject': subject }) },
  });
}
