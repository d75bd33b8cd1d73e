// The registry: a check kind is one file here, its test, and one line below.
// Kinds that judge a device by what a source says are not here: each source kind brings its own.
export { agent } from './agent.ts';
export { dns } from './dns.ts';
export { http } from './http.ts';
export { icmp } from './icmp.ts';
export { mqtt } from './mqtt.ts';
export { ping } from './ping.ts';
export { postgres } from './postgres.ts';
export { redis } from './redis.ts';
export { source } from './source.ts';
export { tcp } from './tcp.ts';
export { tls } from './tls.ts';
