import { createRequire } from 'node:module';

interface Builtins {
  'node:fs': typeof import('node:fs');
  'node:http': typeof import('node:http');
  'node:https': typeof import('node:https');
  'node:util': typeof import('node:util');
}

/**
 * A module of Node, loaded as CommonJS. An `import` reads every export, and for some of them Node loads unneeded code,
 * such as all of `fetch` for http: 7 MB, which matters in a small program.
 */
export function builtin<Name extends keyof Builtins>(name: Name): Builtins[Name] {
  // Safe because Node returns these modules for these names.
  return createRequire(import.meta.url)(name) as Builtins[Name];
}
