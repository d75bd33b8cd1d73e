import type { Module } from '#platform/module';

/** What a browser is served: the console's files, the live stream, the search over everything, the API reference. */
export const consoleModule: Module = { name: 'console', http: () => import('./http.ts') };
