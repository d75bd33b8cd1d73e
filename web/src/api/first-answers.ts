interface FirstAnswer {
  /** When it was asked for, in ms. */
  readonly at: number;
  readonly answer: Promise<Response>;
}

declare global {
  interface Window {
    /** By path: what boot.js asked for before the modules were there. */
    watchkeeperFirst?: Map<string, FirstAnswer>;
  }
}

/** An answer that waited longer may be out of date. */
const freshMs = 10_000;

/** Like `fetch`; the first request for what boot.js asked for takes that answer. */
export async function fetchFirst(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const first = window.watchkeeperFirst?.get(pathname + search);
  if (first === undefined || request.method !== 'GET') return await fetch(request);
  window.watchkeeperFirst?.delete(pathname + search);
  if (Date.now() - first.at > freshMs) return await fetch(request);
  // A first request that failed is tried again like any other.
  return await first.answer.catch(() => fetch(request));
}
