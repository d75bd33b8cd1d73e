import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Ip = ipaddr.IPv4 | ipaddr.IPv6;
type Network = [Ip, number];
interface Listed {
  readonly network: Network;
  /** The only port that is listed; undefined: all ports. */
  readonly port: number | undefined;
}

export interface VettedAddress {
  /** In one canonical spelling; an IPv4-mapped IPv6 address is written as the IPv4 address it is. */
  readonly address: string;
  readonly family: 4 | 6;
}

export type AddressVerdict =
  | { readonly allowed: true; readonly listed: boolean; readonly address: VettedAddress }
  | { readonly allowed: false; readonly addressClass: string };

/** Which addresses may be connected to: the public internet, and the networks the operator listed. */
export interface AddressPolicy {
  readonly listsAny: boolean;
  /** Without a port only what is listed for all ports counts as listed. */
  judge(address: string, port?: number): AddressVerdict;
}

/**
 * Takes networks ("10.0.0.0/8"), and single IPv4 addresses with one port ("127.0.0.1:4000").
 * @throws
 * Error that names an entry that is neither.
 */
export function createAddressPolicy(allow: readonly string[]): AddressPolicy {
  const listed = allow.map(parseListed);
  return {
    listsAny: listed.length > 0,
    judge(text, port) {
      // Only plain addresses: DNS never answers scoped ones ("fe80::1%eth0") or inet_aton spellings.
      if (isIP(text) === 0 || text.includes('%')) return { allowed: false, addressClass: 'unreadable' };
      const ip = parseIp(text);
      const networks = listed.filter((one) => one.port === undefined || one.port === port);
      const isOnList = isListed(
        ip,
        networks.map((one) => one.network),
      );
      const addressClass = isOnList ? undefined : blockedClass(ip);
      if (addressClass !== undefined) return { allowed: false, addressClass };
      return { allowed: true, listed: isOnList, address: toVetted(ip) };
    },
  };
}

/** The canonical spelling of an address, or undefined when the text is not an address. */
export function canonicalAddress(text: string): string | undefined {
  return isIP(text) === 0 || text.includes('%') ? undefined : toVetted(parseIp(text)).address;
}

/** An IPv4-mapped address becomes the IPv4 address it is. */
function parseIp(text: string): Ip {
  // Hexadecimal first: ipaddr.js would take the obsolete form ::10.0.0.1 for the mapped ::ffff:10.0.0.1.
  const hex = text.includes(':') ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text;
  return ipaddr.process(hex);
}

function parseListed(text: string): Listed {
  const [, address, port] = /^([\d.]+):(\d{1,5})$/.exec(text) ?? [];
  return address === undefined
    ? { network: parseNetwork(text), port: undefined }
    : { network: parseNetwork(address), port: Number(port) };
}

function parseNetwork(text: string): Network {
  const bits = isIP(text) === 4 ? 32 : 128;
  const cidr = isIP(text) === 0 ? text : `${text}/${bits}`;
  const address = cidr.split('/')[0] ?? '';
  if (isIP(address) === 0 || !ipaddr.isValidCIDR(cidr)) {
    throw new Error(`"${text}" is not a network; write, for example, 10.0.0.0/8 or fd00::/8.`);
  }
  const network = ipaddr.parseCIDR(cidr);
  if (network[0] instanceof ipaddr.IPv6 && network[0].isIPv4MappedAddress()) {
    throw new Error(`"${text}" is an IPv4 network written as IPv6; write it as IPv4.`);
  }
  return network;
}

/** A NAT64 address counts as listed when the IPv4 address in it is listed. */
function isListed(ip: Ip, networks: readonly Network[]): boolean {
  if (networks.some((network) => network[0].kind() === ip.kind() && ip.match(network))) return true;
  const embedded = ip instanceof ipaddr.IPv6 ? nat64Target(ip) : undefined;
  return embedded !== undefined && isListed(embedded, networks);
}

/** The reason in words why an address is not public, or undefined for a public one. */
function blockedClass(ip: Ip): string | undefined {
  if (ip instanceof ipaddr.IPv4) return blockedClass4(ip);
  const target = nat64Target(ip);
  if (target !== undefined) return blockedClass4(target);
  const range: string = ip.range();
  if (range === 'unicast' && ip.match(GLOBAL_UNICAST)) return undefined;
  return CLASS_WORDS[range] ?? 'reserved';
}

function blockedClass4(ip: ipaddr.IPv4): string | undefined {
  if (METADATA_ADDRESSES.has(ip.toString())) return 'cloud metadata';
  const range: string = ip.range();
  return range === 'unicast' ? undefined : (CLASS_WORDS[range] ?? 'reserved');
}

/** Hosts with only IPv6 reach all of IPv4 through this prefix (DNS64), so the embedded address is judged. */
function nat64Target(ip: ipaddr.IPv6): ipaddr.IPv4 | undefined {
  return ip.match(NAT64) ? new ipaddr.IPv4(ip.toByteArray().slice(12)) : undefined;
}

function toVetted(ip: Ip): VettedAddress {
  return ip instanceof ipaddr.IPv4
    ? { address: ip.toString(), family: 4 }
    : { address: ip.toRFC5952String(), family: 6 };
}

const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/** Everything outside it is unassigned or special; ipaddr.js knows the special ranges inside it. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Azure answers its guests from a public-looking address. */
const METADATA_ADDRESSES = new Set(['169.254.169.254', '168.63.129.16']);

/** The ranges of ipaddr.js, in an operator's words; others are called reserved. */
const CLASS_WORDS: Readonly<Record<string, string>> = {
  unspecified: 'unspecified',
  broadcast: 'broadcast',
  multicast: 'multicast',
  linkLocal: 'link-local',
  loopback: 'loopback',
  carrierGradeNat: 'carrier-grade NAT',
  private: 'private',
  uniqueLocal: 'private',
  deprecatedSiteLocal: 'private',
  '6to4': '6to4 tunnel',
  teredo: 'Teredo tunnel',
  rfc6052: 'local NAT64',
};
