import type { Module } from '#platform/module';

/** Other tools' wire formats, mapped to the modules below. */
export const interopModule: Module = { name: 'interop', http: () => import('./http.ts') };
