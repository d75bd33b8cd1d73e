import createFetchClient, { type Client as FetchClient, type Middleware } from 'openapi-fetch';
import type { paths } from './schema.gen.ts';

export type { Middleware } from 'openapi-fetch';
export type { paths } from './schema.gen.ts';

export type Client = FetchClient<paths>;

export interface ClientOptions {
  /** An API key (`wk_...`) or a bearer token. Leave it out in a browser, where the session cookie is used. */
  token?: string;
  fetch?: (request: Request) => Promise<Response>;
  middleware?: readonly Middleware[];
}

/**
 * A typed client of the Watchkeeper API, its types generated from the server's OpenAPI document.
 *
 * @example
 * const client = createClient('https://watch.example.com', { token: process.env.WATCHKEEPER_KEY });
 * const { data, error } = await client.GET('/api/v1/{org}/alerts', {
 *   params: { path: { org: 'default' }, query: { status: 'open' } },
 * });
 */
export function createClient(baseUrl: string, options: ClientOptions = {}): Client {
  const client = createFetchClient<paths>({
    baseUrl,
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
    ...(options.token === undefined ? {} : { headers: { authorization: `Bearer ${options.token}` } }),
  });
  if (options.middleware !== undefined) client.use(...options.middleware);
  return client;
}
