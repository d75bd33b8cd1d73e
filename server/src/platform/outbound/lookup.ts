import { lookup, Resolver } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { FairShare } from '../fair-share.ts';
import { OutboundBusy } from './refused.ts';
import { type LookedUp, type NameFiles, type ResolverPaths, watchNameFiles } from './resolver-files.ts';

/** Asks for all addresses of a name, IPv4 and IPv6. `owner`: whose share of the limits it uses. */
export type Lookup = (hostname: string, owner: string) => Promise<LookedUp[]>;

/** How many names are looked up at once; at most half of them for one owner, see FairShare. */
export const lookupsMax = 512;
/** Timeout of one question to one server; it is asked twice. */
const answerMs = 2_000;
const tries = 2;
/** When addresses of one family are known, we wait this long for the other. */
const otherFamilyMs = 500;
/**
 * How many owners have their own resolver, so that one does not slow the questions of others. The least
 * recently used is dropped.
 */
const resolversMax = 256;
/** The system's resolver can hold one of libuv's four threads for any time. */
const systemLookupsMax = 2;

/** For tests and special cases: other files, other servers. */
export interface LookupOptions extends Partial<ResolverPaths> {
  /** "address:port"; default: from the system's configuration. */
  readonly servers?: readonly string[];
}

/**
 * Names as the machine knows them: its hosts file, then DNS with its servers and search list. The questions are
 * asked by c-ares, which waits for any number of them at once; getaddrinfo would hold a thread for each.
 */
export function createLookup(options: LookupOptions = {}): Lookup {
  const readFiles = watchNameFiles(options);
  const resolvers = new Map<string, { resolver: Resolver; version: number }>();
  const system = new FairShare(systemLookupsMax * 2);

  function resolverOf(owner: string, { version }: NameFiles): Resolver {
    const known = resolvers.get(owner);
    const entry = known?.version === version ? known : { resolver: makeResolver(options.servers), version };
    resolvers.delete(owner);
    resolvers.set(owner, entry);
    for (const oldest of resolvers.keys()) {
      if (resolvers.size <= resolversMax) break;
      resolvers.delete(oldest);
    }
    return entry.resolver;
  }

  async function askSystem(hostname: string): Promise<LookedUp[]> {
    if (!system.take('mdns'))
      throw new OutboundBusy('Too many names of the local network are being asked for.');
    try {
      return await lookup(hostname, { all: true, order: 'verbatim' });
    } finally {
      system.giveBack('mdns');
    }
  }

  return shareLookups(async (hostname, owner) => {
    const files = await readFiles();
    const listed = files.hosts.get(hostname) ?? ownNames(hostname);
    if (listed !== undefined) return listed;
    // Multicast DNS is left to the system, if it supports it.
    if (hostname.endsWith('.local')) return await askSystem(hostname);
    const resolver = resolverOf(owner, files);
    let fault: unknown;
    for (const name of files.candidates(hostname)) {
      try {
        return await resolveBoth(resolver, name);
      } catch (error) {
        if (fault === undefined || codeOf(fault) === notFound) fault = error;
        if (codeOf(error) !== notFound) break;
      }
    }
    throw fault;
  });
}

function makeResolver(servers: readonly string[] | undefined): Resolver {
  const resolver = new Resolver({ timeout: answerMs, tries });
  if (servers !== undefined) resolver.setServers(servers);
  return resolver;
}

/** These names always mean this machine, whatever a DNS server says (RFC 6761). */
function ownNames(hostname: string): LookedUp[] | undefined {
  if (hostname !== 'localhost' && !hostname.endsWith('.localhost')) return undefined;
  return [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ];
}

async function resolveBoth(resolver: Resolver, name: string): Promise<LookedUp[]> {
  const found = new Map<number, LookedUp[]>();
  const faults: unknown[] = [];
  const one = async (family: 4 | 6): Promise<void> => {
    try {
      const addresses = family === 4 ? await resolver.resolve4(name) : await resolver.resolve6(name);
      found.set(
        family,
        addresses.map((address) => ({ address, family })),
      );
    } catch (error) {
      faults.push(error);
    }
  };
  const asked = [one(4), one(6)];
  await Promise.any(
    asked.map(async (question, index) => {
      await question;
      if (!found.has(index === 0 ? 4 : 6)) throw new Error('none');
    }),
  ).catch(() => undefined);
  if (found.size === 1 && faults.length === 0) await Promise.race([Promise.all(asked), pause(otherFamilyMs)]);
  const order = hasFamily('IPv4') || !hasFamily('IPv6') ? [4, 6] : [6, 4];
  const answers = order.flatMap((family) => found.get(family) ?? []);
  if (answers.length === 0) throw asLookupFault(name, faults);
  return answers;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

/**
 * Whether this machine has this family. Its addresses then come first, because some check kinds use the first address.
 */
function hasFamily(family: 'IPv4' | 'IPv6'): boolean {
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some((one) => !one.internal && one.family === family && !one.address.startsWith('fe80:')),
  );
}

const notFound = 'ENOTFOUND';
/** c-ares: no such name, no such record. */
const missingCodes = new Set(['ENOTFOUND', 'ENODATA']);

/** Uses the codes of getaddrinfo, so that an ECONNREFUSED of c-ares' server is not taken for the target's. */
function asLookupFault(name: string, faults: readonly unknown[]): Error {
  const codes = faults.map(codeOf);
  const code = codes.every((one) => one !== undefined && missingCodes.has(one))
    ? notFound
    : codes.includes('ESERVFAIL')
      ? 'ESERVFAIL'
      : 'EAI_AGAIN';
  const words = code === notFound ? 'does not exist' : 'could not be resolved';
  return Object.assign(new Error(`The name ${name} ${words}.`, { cause: faults[0] }), { code });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/**
 * Questions of one owner for a name that is already being looked up share its answer. Answers are not
 * cached.
 */
export function shareLookups(ask: Lookup): Lookup {
  const pending = new Map<string, ReturnType<Lookup>>();
  const share = new FairShare(lookupsMax);
  return async (hostname, owner) => {
    const key = `${owner} ${hostname}`;
    const asked = pending.get(key);
    if (asked !== undefined) return asked;
    if (!share.take(owner)) throw new OutboundBusy('Too many name lookups are already waiting.');
    const answer = ask(hostname, owner).finally(() => {
      pending.delete(key);
      share.giveBack(owner);
    });
    pending.set(key, answer);
    return answer;
  };
}
