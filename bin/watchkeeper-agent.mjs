#!/usr/bin/env node
// `npx watchkeeper-agent` in a checkout: builds the agent when its sources changed, then runs it.
process.argv.splice(2, 0, 'agent');
await import('../scripts/run.mjs');
