// How the server's Node is started, wherever it is started: `npm start`, the tests, the benchmarks; the systemd unit
// and the Dockerfile say the same. The young generation is kept small: on a large host Node would let it grow to
// three times 32 MiB, a third of what an idle server needs.
export const nodeFlags = ['--max-semi-space-size=8'];
