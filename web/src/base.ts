/** The path below which the console is served, as the server wrote it into the page: `/watch`, or empty at the root. */
export const base: string =
  typeof document === 'undefined'
    ? ''
    : (document.querySelector('meta[name="watchkeeper-base"]')?.getAttribute('content') ?? '');

/** A path of ours as the browser knows it. */
export function outer(path: string): string {
  return base + path;
}

/** A path of the browser as the router and the path builder know it. */
export function inner(pathname: string, under: string = base): string {
  if (under === '' || (pathname !== under && !pathname.startsWith(`${under}/`))) return pathname;
  return pathname.slice(under.length) || '/';
}
