import { once } from 'node:events';
import { createLogger } from '../../log.ts';
import { startEmbeddedPostgres } from './embedded.ts';

// A separate server process for embedded.db.test.ts. It prints one JSON line and stops when its input ends.
const options: unknown = JSON.parse(process.argv[2] ?? '{}');
if (
  typeof options !== 'object' ||
  options === null ||
  !('dataDir' in options) ||
  typeof options.dataDir !== 'string'
) {
  throw new Error('usage: embedded-process.fixture.ts {"dataDir": "..."}');
}
try {
  const database = await startEmbeddedPostgres({
    dataDir: options.dataDir,
    log: createLogger({ level: 'silent' }),
  });
  console.log(JSON.stringify({ url: database.url, pid: database.pid, notes: database.notes }));
  process.stdin.resume();
  await once(process.stdin, 'end');
  await database.stop();
} catch (error) {
  console.log(JSON.stringify({ name: error instanceof Error ? error.name : '', error: String(error) }));
}
