import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bound, createServerLog } from './server-log.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'wk-log-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

it('cuts a log that grew too long while it is still written, and keeps the earlier part', async () => {
  const path = join(dir, 'postgres.log');
  const writer = await open(path, 'a');
  await writer.write('x'.repeat(2_000));
  await bound(path, 1_000);
  await writer.write('after\n');
  await writer.close();
  expect(await readFile(path, 'utf8')).toBe('after\n');
  expect(await readFile(`${path}.1`, 'utf8')).toHaveLength(2_000);
});

it('does not change a short log or a missing one', async () => {
  const path = join(dir, 'postgres.log');
  await bound(path, 1_000);
  const writer = await open(path, 'a');
  await writer.write('short\n');
  await writer.close();
  await bound(path, 1_000);
  expect(await readFile(path, 'utf8')).toBe('short\n');
});

it('reads only the lines of one run', async () => {
  const log = createServerLog(join(dir, 'postgres.log'));
  for (const word of ['first', 'second']) {
    const run = await log.openRun();
    const writer = await open(log.path, 'a');
    await writer.write(`${word}\n`);
    await writer.close();
    await run.close();
    expect(await run.output()).toBe(`${word}\n`);
  }
});
