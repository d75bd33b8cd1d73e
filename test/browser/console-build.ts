import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const web = fileURLToPath(new URL('../../web', import.meta.url));
const sources = ['src', 'build', 'index.html', 'vite.config.ts'];

function newest(file: string): number {
  const stat = statSync(file);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(...readdirSync(file).map((name) => newest(path.join(file, name))));
}

/** Builds the console unless the last build is newer than all of its sources. */
export async function ensureConsoleBuilt(): Promise<void> {
  const page = path.join(web, 'dist', 'index.html');
  const builtAt = statSync(page, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (builtAt > Math.max(...sources.map((source) => newest(path.join(web, source))))) return;
  // The test runner's NODE_ENV would make a development build, which no user gets.
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await build({ configFile: path.join(web, 'vite.config.ts'), logLevel: 'error' });
  } finally {
    process.env.NODE_ENV = before;
  }
}
