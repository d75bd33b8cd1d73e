import { isIP, type LookupFunction, type Socket } from 'node:net';
import { type AddressPolicy, canonicalAddress, type VettedAddress } from './address.ts';
import type { Lookup } from './lookup.ts';
import { OutboundBusy, OutboundRefused } from './refused.ts';
import { raceSignal } from './signal.ts';

export interface VettedHost {
  /** As used in SNI and Host: lower case, IDNA, no trailing dot, IPv6 without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** The only addresses a connection may go to; at least one. */
  readonly addresses: readonly VettedAddress[];
}

/** `owner`: whose share of the resolver it uses; default: the server's own. */
export type VetHost = (
  hostname: string,
  port: number,
  signal: AbortSignal,
  owner?: string,
) => Promise<VettedHost>;

/** All answers are vetted; a connection tries at most this many of them. */
const CONNECT_ADDRESSES_MAX = 8;
const NAME_LENGTH_MAX = 253;
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * Names that lead to this machine, its network or its cloud's control plane, whatever they resolve to
 * today.
 */
const INTERNAL_SUFFIXES = ['localhost', 'localdomain', 'local', 'internal', 'home.arpa'];
const METADATA_NAMES = new Set([
  'metadata.goog',
  'metadata.amazonaws.com',
  'metadata.tencentyun.com',
  'metadata.packet.net',
  'metadata.platformequinix.com',
]);

/** Vets hosts for anything that opens a connection: HTTP, TCP, TLS, DNS. Each call resolves exactly once. */
export function createVetHost(policy: AddressPolicy, lookup: Lookup): VetHost {
  return async (text, port, signal, owner = '') => {
    const ask = (name: string) => lookup(name, owner);
    signal.throwIfAborted();
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new OutboundRefused(`${port} is not a port; write a number from 1 to 65535.`);
    }
    const hostname = normalizeHostname(text);
    if (isIP(hostname) !== 0) {
      return { hostname, port, addresses: vetAddresses(hostname, port, [hostname], policy) };
    }
    if (isInternalName(hostname)) {
      return { hostname, port, addresses: await vetInternalName(hostname, port, policy, ask, signal) };
    }
    const answers = await raceSignal(ask(hostname), signal);
    const addresses = answers.map((answer) => answer.address);
    return { hostname, port, addresses: vetAddresses(hostname, port, addresses, policy) };
  };
}

/** Addresses of documentation examples; a manifest may hold one, and it is refused only when it is called. */
const EXAMPLE_CLASS = 'reserved';

/**
 * Why a host will be refused whatever it resolves to, or undefined. Used on saving, before the first
 * call.
 * @throws OutboundRefused when it is not a host.
 */
export function knownRefusal(policy: AddressPolicy, text: string, port: number): string | undefined {
  const hostname = normalizeHostname(text);
  if (isIP(hostname) === 0)
    return isInternalName(hostname) && !policy.listsAny ? internalRefusal(hostname).message : undefined;
  const verdict = policy.judge(hostname, port);
  if (verdict.allowed || verdict.addressClass === EXAMPLE_CLASS) return undefined;
  return addressRefusal(hostname, verdict.addressClass).message;
}

/**
 * One spelling for every host: IDNA, lower case, numeric IPv4 in dotted form (2130706433 and 0x7f.1 are
 * 127.0.0.1), no trailing dot.
 * @throws OutboundRefused when it is not a host.
 */
export function normalizeHostname(text: string): string {
  const host = isIP(text) === 6 ? `[${text}]` : text;
  // A character that could end the host part of the URL below would make the parser see another host.
  const parsed = /[\s/\\?#@%]|:\d*$/.test(host) ? null : URL.parse(`http://${host}/`);
  if (parsed === null || parsed.port !== '') throw notAHost();
  if (parsed.hostname.startsWith('[')) return parsed.hostname.slice(1, -1);
  const name = parsed.hostname.replace(/\.$/, '');
  if (isIP(name) !== 0) return name;
  if (name.length > NAME_LENGTH_MAX || !name.split('.').every((label) => LABEL.test(label))) throw notAHost();
  return name;
}

/** Give this to net.connect or tls.connect, so that they do not resolve the name themselves. */
export function pinnedLookup(host: VettedHost): LookupFunction {
  return (_hostname, options, callback) => {
    const [first] = host.addresses;
    if (first === undefined) callback(new Error('No vetted address to connect to.'), '');
    else if (options.all) callback(null, [...host.addresses]);
    else callback(null, first.address, first.family);
  };
}

/** The last check, on the socket itself: is it connected to a vetted address? */
export function isConnectedTo(socket: Socket, host: VettedHost): boolean {
  const remote = canonicalAddress(socket.remoteAddress ?? '');
  return host.addresses.some(({ address }) => address === remote);
}

function isInternalName(hostname: string): boolean {
  if (!hostname.includes('.') || METADATA_NAMES.has(hostname)) return true;
  return INTERNAL_SUFFIXES.some((suffix) => hostname.endsWith(`.${suffix}`));
}

/** Refused unless the operator listed all its addresses; the answer never reveals them. */
async function vetInternalName(
  hostname: string,
  port: number,
  policy: AddressPolicy,
  ask: (name: string) => ReturnType<Lookup>,
  signal: AbortSignal,
): Promise<VettedAddress[]> {
  const refused = internalRefusal(hostname);
  if (!policy.listsAny) throw refused;
  const answers = await raceSignal(ask(hostname), signal).catch((error: unknown) => {
    signal.throwIfAborted();
    if (error instanceof OutboundBusy) throw error;
    return [];
  });
  const verdicts = answers.map((answer) => policy.judge(answer.address, port));
  if (verdicts.length === 0 || !verdicts.every((verdict) => verdict.allowed && verdict.listed)) throw refused;
  return keepAllowed(verdicts);
}

function vetAddresses(
  hostname: string,
  port: number,
  addresses: readonly string[],
  policy: AddressPolicy,
): VettedAddress[] {
  const verdicts = addresses.map((address) => policy.judge(address, port));
  for (const verdict of verdicts) {
    if (!verdict.allowed) throw addressRefusal(hostname, verdict.addressClass);
  }
  if (verdicts.length === 0) throw new Error(`${hostname} has no address.`);
  return keepAllowed(verdicts);
}

function keepAllowed(verdicts: ReturnType<AddressPolicy['judge']>[]): VettedAddress[] {
  return verdicts
    .flatMap((verdict) => (verdict.allowed ? [verdict.address] : []))
    .slice(0, CONNECT_ADDRESSES_MAX);
}

function internalRefusal(hostname: string): OutboundRefused {
  return new OutboundRefused(
    `${hostname} is a name of an internal network. It is allowed only when all its addresses are listed in OUTBOUND_ALLOW.`,
  );
}

function addressRefusal(hostname: string, addressClass: string): OutboundRefused {
  const what = isIP(hostname) === 0 ? `${hostname} leads to an address` : `${hostname} is an address`;
  return new OutboundRefused(
    `${what} of the class "${addressClass}", which is not allowed. To allow it, list its network in OUTBOUND_ALLOW.`,
  );
}

function notAHost(): OutboundRefused {
  return new OutboundRefused('The host is neither a valid name nor an address.');
}
