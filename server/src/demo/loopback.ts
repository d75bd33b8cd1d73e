/**
 * Where the demonstration's own service listens, and the only loopback address that its checks may reach: what
 * listens on 127.0.0.1 alone stays out of reach. Linux answers on all of 127.0.0.0/8.
 */
export const demoHost = '127.77.0.1';
export const demoNetwork = `${demoHost}/32`;
