/** Paths of our own that a sub-path must not begin with: a proxy that strips and one that does not would look alike. */
const ownRoots =
  /^\/(api|health|heartbeats?|provider|docs|openapi\.json|assets|ping|metrics|feeds|o|alerts)(\/|$)/;

/** The path below which the public address puts us: `/watch` of `https://host/watch`, empty at the root. */
export function publicPathOf(publicUrl: string): string {
  const path = new URL(publicUrl).pathname.replace(/\/+$/, '');
  if (ownRoots.test(path))
    throw new Error(
      `PUBLIC_URL: ${path} begins like a path of Watchkeeper itself; choose another, e.g. /watch.`,
    );
  return path;
}

/** The path inside: a proxy may pass the sub-path on or strip it, both arrive at the same route. */
export function withoutPublicPath(url: string, publicPath: string): string {
  if (publicPath === '' || !url.startsWith(publicPath)) return url;
  const rest = url.slice(publicPath.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : url;
}
