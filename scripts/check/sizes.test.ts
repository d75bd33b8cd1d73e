import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checkSizes, fileLinesMax, isCounted, linesOf } from './sizes.ts';

test('a source file over the limit is named, with its length; tests and catalogues are not', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'watchkeeper-sizes-'));
  try {
    const write = async (name: string, lines: number) => {
      const file = path.join(root, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, '//\n'.repeat(lines));
    };
    await write('server/src/fits.ts', fileLinesMax);
    await write('server/src/long.ts', fileLinesMax + 1);
    await write('server/src/long.test.ts', fileLinesMax + 1);
    await write('web/src/long.tsx', fileLinesMax + 2);
    await write('web/src/messages/fr/settings.ts', fileLinesMax + 1);
    expect(await checkSizes(root)).toEqual([
      `server/src/long.ts: ${fileLinesMax + 1} lines, at most ${fileLinesMax}; split it by what it does`,
      `web/src/long.tsx: ${fileLinesMax + 2} lines, at most ${fileLinesMax}; split it by what it does`,
    ]);
  } finally {
    await rm(root, { recursive: true });
  }
});

test('catalogues and generated files do not count, files that use them do', () => {
  expect(isCounted('web/src/messages/de/alerts.ts')).toBe(false);
  expect(isCounted('web/src/messages/reach.ts')).toBe(true);
  expect(isCounted('web/src/api/schema.gen.ts')).toBe(false);
});

test('the last line counts with and without a line end', () => {
  expect([linesOf('a\nb\n'), linesOf('a\nb'), linesOf('\n')]).toEqual([2, 2, 1]);
});
