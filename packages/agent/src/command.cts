#!/usr/bin/env node
// CommonJS, because it must run before Node loads its module loader for ESM. A program that works some milliseconds
// a minute gains nothing from V8's compilers, and without them 4 MB of Node's own file are never read into memory.
const v8: typeof import('node:v8') = require('node:v8');
for (const compiler of ['opt', 'maglev', 'sparkplug']) v8.setFlagsFromString(`--no-${compiler}`);
void import('./main.ts');
