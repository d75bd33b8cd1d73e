// The registry list: a check kind is one file here, its test, and one line below.
export { dns } from './dns.ts';
export { http } from './http.ts';
export { icmp } from './icmp.ts';
export { mqtt } from './mqtt.ts';
export { ping } from './ping.ts';
export { postgres } from './postgres.ts';
export { redis } from './redis.ts';
export { tcp } from './tcp.ts';
export { tls } from './tls.ts';
