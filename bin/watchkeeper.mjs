#!/usr/bin/env node
// `npx watchkeeper ...`: the same door as `npm start`, for every other command.
process.argv.splice(2, 0, 'cli');
await import('../scripts/run.mjs');
