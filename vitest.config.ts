import { defineConfig } from 'vitest/config';

/** A wait that never ends is what a limit is for: no test may depend on a machine being quick. */
const database = {
  globalSetup: ['./test/support/global-database.ts'],
  testTimeout: 300_000,
  hookTimeout: 300_000,
};
const unhurried = { testTimeout: 60_000 };

/** As the server runs: Node reads the TypeScript itself. A third of the time to load that Vite's loader takes. */
const native = { experimental: { viteModuleRunner: false } };

/** Files share a worker's modules, which saves a third of the time: each has its own database, and none mocks. */
const shared = { isolate: false };

/** unit: pure, no I/O. db: a real PostgreSQL. stories, proof: the whole app. browser: Chromium as well. */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    // As every wait: its end is for what never comes, not for a machine that is busy.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        test: {
          name: 'unit',
          ...native,
          ...shared,
          ...unhurried,
          include: ['{server,packages,scripts,bench}/**/*.test.{ts,mjs}'],
          exclude: ['**/*.db.test.ts', '**/node_modules/**'],
        },
      },
      {
        test: {
          name: 'web',
          ...shared,
          ...unhurried,
          include: ['web/**/*.test.{ts,tsx}'],
          setupFiles: ['./web/src/messages/all-words.fixture.ts'],
          exclude: ['**/node_modules/**'],
        },
      },
      { test: { name: 'db', include: ['server/**/*.db.test.ts'], ...native, ...shared, ...database } },
      {
        test: { name: 'stories', include: ['test/stories/**/*.test.ts'], ...native, ...shared, ...database },
      },
      {
        test: {
          name: 'proof',
          include: ['test/proof/**/*.test.ts'],
          ...native,
          ...shared,
          ...database,
          testTimeout: 600_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          ...native,
          ...shared,
          ...database,
        },
      },
    ],
  },
});
