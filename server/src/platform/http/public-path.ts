/**
 * Our own paths, with which a sub-path must not begin. Otherwise we could not tell a proxy that strips the sub-path
 * from one that does not.
 */
const ownRoots =
  /^\/(api|health|heartbeats?|provider|docs|openapi\.json|assets|ping|metrics|feeds|o|alerts)(\/|$)/;

/** The path of the public address: `/watch` of `https://host/watch`, empty at the root. */
export function publicPathOf(publicUrl: string): string {
  const path = new URL(publicUrl).pathname.replace(/\/+$/, '');
  if (ownRoots.test(path))
    throw new Error(
      `PUBLIC_URL: ${path} begins like a path of Watchkeeper itself; choose another, e.g. /watch.`,
    );
  return path;
}

/** The path inside the sub-path. A proxy may keep or strip the sub-path; both lead to the same route. */
export function withoutPublicPath(url: string, publicPath: string): string {
  if (publicPath === '' || !url.startsWith(publicPath)) return url;
  const rest = url.slice(publicPath.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : url;
}
