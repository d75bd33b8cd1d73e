import { expect, test } from 'vitest';
import { createBatcher } from './batcher.ts';

/** A sink whose batches the test finishes by hand. */
function sink(
  options: {
    itemsMax?: number;
    batchesMax?: number;
    queueMax?: number;
    besideMin?: number;
    enough?: number;
  } = {},
) {
  const batches: { items: number[]; finish: () => void; release: () => void }[] = [];
  const batcher = createBatcher<number>({
    run: (items, release) => new Promise((resolve) => batches.push({ items, finish: resolve, release })),
    itemsMax: options.itemsMax ?? 100,
    batchesMax: options.batchesMax ?? 1,
    queueMax: options.queueMax ?? 1_000,
    besideMin: options.besideMin ?? 1,
    enough: options.enough ?? 100,
    onBug: (error) => {
      throw error;
    },
  });
  return { batcher, batches };
}

const oneTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Waits until due batches have started: after a batch ends, the next starts at the end of the following turn. */
async function turn(): Promise<void> {
  await oneTurn();
  await oneTurn();
}

test('items added in one turn of the event loop are one batch, at its end', async () => {
  const { batcher, batches } = sink();
  batcher.add(1);
  batcher.add(2);
  expect(batches).toHaveLength(0);
  await turn();
  expect(batches.map((batch) => batch.items)).toEqual([[1, 2]]);
});

test('enough items start at once, the later ones at the end of the turn', async () => {
  const { batcher, batches } = sink({ batchesMax: 2, enough: 2 });
  for (const item of [1, 2, 3]) batcher.add(item);
  expect(batches.map((batch) => batch.items)).toEqual([[1, 2]]);
  await turn();
  expect(batches.map((batch) => batch.items)).toEqual([[1, 2], [3]]);
});

test('items that come together wait for the last of them', async () => {
  const { batcher, batches } = sink({ enough: 2 });
  for (const item of [1, 2, 3]) batcher.add(item, true);
  expect(batches).toHaveLength(0);
  await turn();
  expect(batches.map((batch) => batch.items)).toEqual([[1, 2, 3]]);
});

test('a batch that ends makes room at once when enough items wait', async () => {
  const { batcher, batches } = sink({ enough: 2 });
  batcher.add(1);
  await turn();
  for (const item of [2, 3, 4]) batcher.add(item);
  batches[0]?.release();
  expect(batches.map((batch) => batch.items)).toEqual([[1], [2, 3, 4]]);
});

test('while a batch is under way the next one collects, and starts when it ends', async () => {
  const { batcher, batches } = sink();
  batcher.add(1);
  await turn();
  batcher.add(2);
  await turn();
  batcher.add(3);
  expect(batches).toHaveLength(1);
  batches[0]?.finish();
  await turn();
  expect(batches.map((batch) => batch.items)).toEqual([[1], [2, 3]]);
});

test('a second batch runs beside the first only when it is worth it', async () => {
  const { batcher, batches } = sink({ batchesMax: 2, besideMin: 3 });
  batcher.add(1);
  await turn();
  batcher.add(2);
  batcher.add(3);
  await turn();
  expect(batches).toHaveLength(1);
  batcher.add(4);
  await turn();
  expect(batches[1]?.items).toEqual([2, 3, 4]);
});

test('a batch holds at most its limit, in order', async () => {
  const { batcher, batches } = sink({ itemsMax: 2 });
  for (const item of [1, 2, 3, 4, 5]) batcher.add(item);
  await turn();
  for (let index = 0; index < 3; index += 1) {
    batches[index]?.finish();
    await turn();
  }
  expect(batches.map((batch) => batch.items)).toEqual([[1, 2], [3, 4], [5]]);
});

test('a full queue refuses items, and accepts them again once it has room', async () => {
  const { batcher, batches } = sink({ queueMax: 2 });
  batcher.add(1);
  await turn();
  expect([batcher.add(2), batcher.add(3), batcher.add(4)]).toEqual([true, true, false]);
  batches[0]?.finish();
  await turn();
  expect(batcher.add(4)).toBe(true);
});

test('draining waits for the batches under way and for queued items', async () => {
  const { batcher, batches } = sink();
  batcher.add(1);
  await turn();
  batcher.add(2);
  let drained = false;
  const drain = batcher.drain().then(() => {
    drained = true;
  });
  batches[0]?.finish();
  await turn();
  expect(drained).toBe(false);
  batches[1]?.finish();
  await drain;
  expect(batcher.queued).toBe(0);
});
