// Does the work of the packages' install scripts, which are switched off (.npmrc).
import { makeInstalledReady } from '../../server/src/platform/db/embedded/binaries.ts';

// A failure does not stop the start: with DATABASE_URL the embedded database is not needed, and without it the server
// reports the same error.
await makeInstalledReady().catch((error: unknown) =>
  console.error(error instanceof Error ? error.message : error),
);
