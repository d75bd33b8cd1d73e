#!/usr/bin/env node
// `npx watchkeeper ...`: the same door as `npm start`, for every other command.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const door = fileURLToPath(new URL('../scripts/run.mjs', import.meta.url));
const result = spawnSync(process.execPath, [door, 'cli', ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(result.status ?? 1);
