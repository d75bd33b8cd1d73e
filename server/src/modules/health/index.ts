import type { Module } from '#platform/module';

/** Health of Watchkeeper itself, for probes and people. */
export const healthModule: Module = { name: 'health', http: () => import('./routes.ts') };
