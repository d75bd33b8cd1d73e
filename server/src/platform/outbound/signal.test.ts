import { expect, test } from 'vitest';
import { overdueWork, withinDeadline } from './signal.ts';

const caller = new AbortController().signal;
/** Acts as if this many milliseconds had passed. */
const inMs = (ms: number) => performance.now() + ms;

test('work that never ends is not waited for, and is listed until it ends', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const run = withinDeadline('a talk', { caller, timeoutMs: 5 }, () => promise);
  await expect(run).rejects.toMatchObject({
    name: 'TimeoutError',
    message: 'No complete answer within 5 ms.',
  });
  expect(overdueWork().get('a talk')).toBeUndefined();
  expect(overdueWork(inMs(10_000)).get('a talk')).toBe(1);
  resolve();
  await new Promise((done) => setImmediate(done));
  expect(overdueWork(inMs(10_000)).get('a talk')).toBeUndefined();
});

test('work that ends by its signal is fine, and so is its late failure', async () => {
  const run = withinDeadline('a walk', { caller, timeoutMs: 5 }, async (signal) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    throw new Error('The connection was closed.');
  });
  await expect(run).rejects.toMatchObject({ name: 'TimeoutError' });
  await new Promise((resolve) => setImmediate(resolve));
  expect(overdueWork(inMs(10_000)).get('a walk')).toBeUndefined();
});

test('a result in time is passed on, and so is an immediate error', async () => {
  const bounds = { caller, timeoutMs: 60_000 };
  expect(await withinDeadline('a word', bounds, async () => 'yes')).toBe('yes');
  const thrower = () => {
    throw new Error('no');
  };
  await expect(withinDeadline('a word', bounds, thrower)).rejects.toThrow('no');
});

test("the caller's reason is used before the time is up", async () => {
  const stop = new AbortController();
  const run = withinDeadline(
    'a stop',
    { caller: stop.signal, timeoutMs: 60_000 },
    () => new Promise(() => undefined),
  );
  stop.abort(new Error('The process ends.'));
  await expect(run).rejects.toThrow('The process ends.');
});
