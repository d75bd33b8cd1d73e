import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '#platform/errors';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The headers in which a browser says where a request comes from. */
export type Provenance = 'same_origin' | 'foreign' | 'unknown';

/**
 * `Sec-Fetch-Site` is set by the browser and cannot be forged by a page; older browsers still send
 * `Origin`, which must name the host that was asked or our public address.
 */
export function provenanceOf(headers: IncomingHttpHeaders, publicOrigin: string): Provenance {
  const { origin, host } = headers;
  if (origin === publicOrigin) return 'same_origin';
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? 'same_origin' : 'foreign';
  if (origin === undefined) return 'unknown';
  return URL.canParse(origin) && new URL(origin).host === host ? 'same_origin' : 'foreign';
}

/**
 * Browsers send a cookie also with requests that other sites start, so only our own pages may write with
 * it.
 * @throws csrf_rejected
 */
export function requireSameOrigin(method: string, headers: IncomingHttpHeaders, publicOrigin: string): void {
  if (safeMethods.has(method) || provenanceOf(headers, publicOrigin) === 'same_origin') return;
  throw new AppError(
    'csrf_rejected',
    'A session cookie may write only from our own pages. Programs use a bearer token instead.',
  );
}

/**
 * Signing in needs no cookie, so programs without `Origin` may do it; pages of other sites may not.
 * @throws
 * csrf_rejected
 */
export function refuseForeign(headers: IncomingHttpHeaders, publicOrigin: string): void {
  if (provenanceOf(headers, publicOrigin) !== 'foreign') return;
  throw new AppError('csrf_rejected', 'Sign in from our own pages, not from another site.');
}
