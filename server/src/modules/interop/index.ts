import type { Module } from '#platform/module';

/** Other tools' wire formats, mapped on the modules below. */
export const interopModule: Module = { name: 'interop', http: () => import('./http.ts') };
