import type { Module } from '#platform/module';

/** Serves browsers: the console's files, the live stream, the search over everything, the API reference. */
export const consoleModule: Module = { name: 'console', http: () => import('./http.ts') };
