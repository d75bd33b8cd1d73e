import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openQueue, queueBytesMax, segmentItemsMax } from './queue.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'agent-queue-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function drain<T>(queue: ReturnType<typeof openQueue<T>>): T[] {
  const all: T[] = [];
  for (let batch = queue.oldest(); batch !== undefined; batch = queue.oldest()) {
    all.push(...batch.items);
    batch.done();
  }
  return all;
}

test('returns its items in order, over a restart and over several files', () => {
  const numbers = Array.from({ length: segmentItemsMax * 2 + 7 }, (_, index) => index);
  const first = openQueue<number>(folder);
  for (const number of numbers.slice(0, segmentItemsMax + 3)) first.add(number);
  const second = openQueue<number>(folder);
  expect(second.length).toBe(segmentItemsMax + 3);
  for (const number of numbers.slice(segmentItemsMax + 3)) second.add(number);
  expect(drain(second)).toEqual(numbers);
  expect(second.length).toBe(0);
  expect(readdirSync(path.join(folder, 'queue'))).toEqual([]);
});

test('unconfirmed items are returned again', () => {
  const queue = openQueue<string>(folder);
  queue.add('one');
  expect(queue.oldest()?.items).toEqual(['one']);
  queue.add('two');
  expect(drain(queue)).toEqual(['one', 'two']);
});

test('half a line at the end, as after a power cut, loses no other item', () => {
  const queue = openQueue<{ n: number }>(folder);
  queue.add({ n: 1 });
  queue.add({ n: 2 });
  const [name = ''] = readdirSync(path.join(folder, 'queue'));
  appendFileSync(path.join(folder, 'queue', name), '{"n":3');
  const again = openQueue<{ n: number }>(folder);
  again.add({ n: 4 });
  expect(drain(again)).toEqual([{ n: 1 }, { n: 2 }, { n: 4 }]);
});

test('above its limit it drops and counts the oldest items', () => {
  const queue = openQueue<string>(folder);
  const item = 'x'.repeat(queueBytesMax / segmentItemsMax / 4);
  for (let n = 0; n < segmentItemsMax * 5; n += 1) queue.add(`${n} ${item}`);
  expect(queue.dropped).toBeGreaterThan(0);
  expect(queue.dropped + queue.length).toBe(segmentItemsMax * 5);
  const left = drain(queue);
  expect(left.at(-1)?.startsWith(`${segmentItemsMax * 5 - 1} `)).toBe(true);
});
