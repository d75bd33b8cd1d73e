import type { Module } from '#platform/module';
import { healthRoutes } from './routes.ts';

/** Health of Watchkeeper itself, for probes and people. */
export const healthModule: Module = { name: 'health', routes: healthRoutes };
