import { fileURLToPath } from 'node:url';

/** The server as `npm start` builds and runs it. */
export const builtServer = fileURLToPath(new URL('../server/dist/main.mjs', import.meta.url));

// The flags of the server's Node, used by `npm start`, the tests and the benchmarks; the systemd unit and the
// Dockerfile repeat them. The young generation is kept small: on a large host, Node would let it grow to three times 32
// MiB, a third of an idle server's memory.
export const nodeFlags = ['--max-semi-space-size=8'];
