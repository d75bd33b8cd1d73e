import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** How many addresses of one X-Forwarded-For are read, from the right. Real chains of proxies are shorter. */
const hopsMax = 32;

type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** The address a request came from, in one canonical spelling; the empty text when the connection is gone. */
export type PeerReader = (raw: Pick<IncomingMessage, 'socket' | 'headers'>) => string;

/**
 * Each proxy adds the address of its client at the right end of X-Forwarded-For. So we read from the
 * right, and only while the address is a trusted proxy: the first other address is the peer.
 *
 * @param trusted networks in CIDR notation; none: the header is ignored.
 */
export function createPeerReader(trusted: readonly string[]): PeerReader {
  const networks = trusted.map((cidr): Network => ipaddr.parseCIDR(cidr));
  return (raw) => {
    const connected = addressIn(raw.socket.remoteAddress ?? '') ?? '';
    if (networks.length === 0 || !isWithin(networks, connected)) return connected;
    let peer = connected;
    for (const hop of hopsOf(raw.headers['x-forwarded-for'])) {
      const address = addressIn(hop);
      // Not an address: the addresses to its left cannot be trusted either.
      if (address === undefined) return peer;
      peer = address;
      if (!isWithin(networks, peer)) return peer;
    }
    return peer;
  };
}

/** The network that limits count for. For IPv6 it is a /64, because one subscriber has a whole /64. */
export function networkOf(peer: string): string {
  if (!peer.includes(':') || !ipaddr.IPv6.isValid(peer)) return peer;
  return `${ipaddr.IPv6.parse(peer).parts.slice(0, 4).map(toHex).join(':')}::/64`;
}

const toHex = (part: number) => part.toString(16);

/** From the right to the left. */
function hopsOf(header: string | string[] | undefined): string[] {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  return text === '' ? [] : text.split(',').slice(-hopsMax).reverse();
}

/** Some proxies write the port as well: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function addressIn(text: string): string | undefined {
  const hop = text.trim();
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop;
  const family = isIP(bare);
  if (family === 0 || bare.includes('%')) return undefined;
  return family === 4 ? bare : ipaddr.process(bare).toString();
}

function isWithin(networks: readonly Network[], address: string): boolean {
  if (address === '') return false;
  const ip = ipaddr.parse(address);
  return networks.some(([base, bits]) => base.kind() === ip.kind() && ip.match(base, bits));
}
