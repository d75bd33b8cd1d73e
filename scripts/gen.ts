// npm run gen: writes the generated files that are checked in: openapi.json, the client's types, the schema dump. CI
// fails on a difference.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres } from '../server/src/platform/db/embedded/embedded.ts';
import { createLogger } from '../server/src/platform/log.ts';
import { derive } from './gen/derive.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = await mkdtemp(path.join(tmpdir(), 'watchkeeper-gen-'));
const postgres = await startEmbeddedPostgres({ dataDir: scratch, log: createLogger({ level: 'warn' }) });
try {
  const derived = await derive(postgres.url, scratch);
  await writeFile(path.join(root, 'openapi.json'), derived.openapi);
  await writeFile(path.join(root, 'server', 'db', 'schema.generated.sql'), derived.schema);
} finally {
  await postgres.stop();
  await rm(scratch, { recursive: true, force: true });
}
const types = spawnSync(
  process.execPath,
  [
    'packages/client/node_modules/openapi-typescript/bin/cli.js',
    'openapi.json',
    '--output',
    'packages/client/src/schema.gen.ts',
    '--root-types',
    '--root-types-no-schema-prefix',
  ],
  { cwd: root, stdio: 'inherit' },
);
process.exit(types.status ?? 1);
