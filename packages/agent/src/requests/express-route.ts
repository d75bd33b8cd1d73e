import type { IncomingMessage } from 'node:http';

/** Fields that Express adds to a request. */
export interface ExpressRequest extends IncomingMessage {
  baseUrl?: string;
  params?: Readonly<Record<string, unknown>>;
  route?: { readonly path?: unknown } | undefined;
}

interface Mount {
  readonly url: string;
  readonly pattern: string;
}

const root: Mount = { url: '', pattern: '' };

/**
 * The route of a request as a pattern, once Express has found one. Express tells a router its mount point only as a
 * real address (`/shops/42`), and forgets it before an error handler answers. So each mount is recorded when Express
 * enters it, with the names of its parameters.
 */
export function followRoute(request: ExpressRequest): () => string | undefined {
  let { baseUrl, route } = request;
  let mounts: Mount[] = [enter(root, baseUrl ?? '', request.params)];
  let name: string | undefined;

  Object.defineProperties(request, {
    baseUrl: {
      configurable: true,
      enumerable: true,
      get: () => baseUrl,
      // Back to undefined when the outermost router is done.
      set(next: string | undefined) {
        baseUrl = next;
        const url = next ?? '';
        mounts = mounts.filter((mount) => url.startsWith(mount.url));
        const last = mounts.at(-1) ?? root;
        if (last.url !== url) mounts.push(enter(last, url, request.params));
      },
    },
    route: {
      configurable: true,
      enumerable: true,
      get: () => route,
      set(next: ExpressRequest['route']) {
        route = next;
        if (next !== undefined) name = `${mounts.at(-1)?.pattern ?? ''}${pathOf(next.path)}` || '/';
      },
    },
  });
  return () => name;
}

/** One mount deeper: the part of the address that it adds, with parameter names instead of their values. */
function enter(outer: Mount, url: string, params: ExpressRequest['params'] = {}): Mount {
  const segments = url.slice(outer.url.length).split('/').map(decode);
  const names: (string | undefined)[] = [];
  // The innermost parameter comes last, both in the address and in the list.
  for (const [name, value] of Object.entries(params).reverse()) {
    for (const text of [value].flat().reverse()) {
      if (typeof text !== 'string' || text === '') continue;
      const free = (index: number) => names[index] === undefined;
      let at = segments.findLastIndex((segment, index) => free(index) && segment === text);
      if (at < 0) at = segments.findLastIndex((segment, index) => free(index) && segment.includes(text));
      if (at >= 0) names[at] = `:${name}`;
    }
  }
  // Express ignores case by default, and one mount must not count as several.
  const pattern = segments.map((segment, index) => names[index] ?? segment.toLowerCase()).join('/');
  return { url, pattern: outer.pattern + pattern };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** A route may have several paths, also regular expressions. `/` in a mounted router is the mount itself. */
function pathOf(path: unknown): string {
  if (Array.isArray(path)) return path.map(pathOf).join('|');
  const text = String(path);
  return text === '/' ? '' : text;
}
