import { notifyManager, type QueryClient, type QueryKey } from '@tanstack/react-query';

/** The expected result of a write for the data under a key, and under all keys below it. */
export interface Change {
  readonly key: QueryKey;
  readonly change: (data: unknown) => unknown;
}

/** Names the type of the data under a key. Safe because a key stands for one query function. */
export function changeOf<T>(key: QueryKey, change: (data: T) => T): Change {
  return { key, change: change as Change['change'] };
}

/** A write whose outcome is shown before the server has answered. */
export interface Meanwhile {
  /** The server accepted it: the screen shows the real state. */
  keep(): void;
  /** It did not: what it changed goes from every screen at once, what other writes show stays. */
  undo(): void;
}

interface Shown {
  /** As the server last said it. */
  base: unknown;
  /** With every write under way on top; anything else in its place came from the server since. */
  shown: unknown;
}

interface Overlay {
  layers: (readonly Change[])[];
  shown: Map<string, Shown & { key: QueryKey }>;
}

const overlays = new WeakMap<QueryClient, Overlay>();

function overlayOf(queryClient: QueryClient): Overlay {
  let overlay = overlays.get(queryClient);
  if (overlay === undefined) {
    overlay = { layers: [], shown: new Map() };
    overlays.set(queryClient, overlay);
  }
  return overlay;
}

/**
 * Shows a write everywhere it will be seen, as a layer over what the server said. Layers come and go on their own:
 * of two writes that fail in any order neither brings the other back, as a snapshot would.
 */
export async function showMeanwhile(queryClient: QueryClient, layer: readonly Change[]): Promise<Meanwhile> {
  // An answer that was asked for before the write would bring the old state back.
  await Promise.all(layer.map(({ key }) => queryClient.cancelQueries({ queryKey: key })));
  const overlay = overlayOf(queryClient);
  const queries = queryClient.getQueryCache();
  overlay.layers.push(layer);
  for (const { key } of layer) {
    for (const { queryKey, queryHash, state } of queries.findAll({ queryKey: key })) {
      if (state.data === undefined) continue;
      const known = overlay.shown.get(queryHash);
      const base = known !== undefined && known.shown === state.data ? known.base : state.data;
      overlay.shown.set(queryHash, { key: queryKey, base, shown: state.data });
    }
  }
  const isTouched = (hash: string) =>
    layer.some(({ key }) => queries.findAll({ queryKey: key }).some((query) => query.queryHash === hash));

  function redraw(): void {
    for (const [hash, entry] of overlay.shown) {
      const query = queries.get(hash);
      // Data read since then holds the real state, or was dropped: nothing of our guess is left in it.
      if (query === undefined || query.state.data !== entry.shown) {
        overlay.shown.delete(hash);
        continue;
      }
      if (!isTouched(hash)) continue;
      const data = overlay.layers.reduce((shown, each) => applied(each, entry.key, shown), entry.base);
      entry.shown = queryClient.setQueryData(entry.key, () => data) ?? data;
    }
    if (overlay.layers.length === 0) overlay.shown.clear();
  }

  let isOver = false;
  function end(fold: boolean): void {
    if (isOver) return;
    isOver = true;
    overlay.layers = overlay.layers.filter((each) => each !== layer);
    if (fold) for (const entry of overlay.shown.values()) entry.base = applied(layer, entry.key, entry.base);
    redraw();
    // After the screens have heard of the data, which TanStack tells them in a moment, in order.
    if (!fold) notifyManager.schedule(corrected);
  }

  redraw();
  return { keep: () => end(true), undo: () => end(false) };
}

/** A write that is shown while it runs. @throws what it threw, once it is off the screen */
export async function during(shown: Promise<Meanwhile>, write: () => Promise<void>): Promise<void> {
  const meanwhile = await shown;
  try {
    await write();
    meanwhile.keep();
  } catch (error) {
    meanwhile.undo();
    throw error;
  }
}

function applied(layer: readonly Change[], key: QueryKey, data: unknown): unknown {
  return layer.filter((each) => isBelow(key, each.key)).reduce((shown, each) => each.change(shown), data);
}

function isBelow(key: QueryKey, above: QueryKey): boolean {
  return above.every((part, index) => JSON.stringify(part) === JSON.stringify(key[index]));
}

let corrections = 0;
const listeners = new Set<() => void>();

function corrected(): void {
  corrections += 1;
  for (const listener of listeners) listener();
}

/** How often something shown had to be taken back. Screens that hold still follow at once when it grows. */
export const correction = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  count: () => corrections,
};
