import { createRequire } from 'node:module';

interface Builtins {
  'node:fs': typeof import('node:fs');
  'node:http': typeof import('node:http');
  'node:https': typeof import('node:https');
  'node:util': typeof import('node:util');
}

/**
 * A module of Node, as CommonJS takes it. An `import` reads every export, and behind some of them Node loads what
 * nobody asked for, such as all of `fetch` behind http: 7 MB in a program whose size counts.
 */
export function builtin<Name extends keyof Builtins>(name: Name): Builtins[Name] {
  // Safe because Node answers these names with these modules.
  return createRequire(import.meta.url)(name) as Builtins[Name];
}
