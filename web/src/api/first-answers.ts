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

/** A server that takes a call and never answers it counts as one that cannot be reached. */
const answerMsMax = 20_000;

/** An answer that waited longer may be out of date. */
const freshMs = 10_000;

/** Like `fetch`; the first request for what boot.js asked for takes that answer. */
export async function fetchFirst(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const first = window.watchkeeperFirst?.get(pathname + search);
  if (first === undefined || request.method !== 'GET') return await fetchInTime(request);
  window.watchkeeperFirst?.delete(pathname + search);
  if (Date.now() - first.at > freshMs) return await fetchInTime(request);
  // A first request that failed is tried again like any other.
  return await first.answer.catch(() => fetchInTime(request));
}

function fetchInTime(request: Request): Promise<Response> {
  return fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(answerMsMax)]) });
}
