// The registry list: a source kind is one file here, its test, and one line below.
export { ninjaone } from './ninjaone.ts';
export { unifiAccess } from './unifi-access.ts';
export { unifiNetwork } from './unifi-network.ts';
