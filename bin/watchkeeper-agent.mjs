#!/usr/bin/env node
// `npx watchkeeper-agent` in a checkout: builds the agent when its sources changed, then runs it.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const door = fileURLToPath(new URL('../scripts/run.mjs', import.meta.url));
const result = spawnSync(process.execPath, [door, 'agent', ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(result.status ?? 1);
