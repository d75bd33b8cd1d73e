// The work of packages' install scripts, which are switched off (.npmrc), in our own code.
import { makeInstalledReady } from '../../server/src/platform/db/embedded/binaries.ts';

// Not the end: with DATABASE_URL the embedded one is never asked for, and without it the server says the same again.
await makeInstalledReady().catch((error: unknown) =>
  console.error(error instanceof Error ? error.message : error),
);
