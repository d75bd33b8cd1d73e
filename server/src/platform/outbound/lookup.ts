import { lookup } from 'node:dns/promises';

/** Asks for every address of a name, IPv4 and IPv6. */
export type Lookup = (hostname: string) => Promise<{ address: string; family: number }[]>;

/** A lookup cannot be cancelled, so those that nobody waits for any more are bounded too. */
const LOOKUPS_PENDING_MAX = 256;

/** The machine's own resolver: hosts file, search domains, DNS. */
export function createSystemLookup(): Lookup {
  return shareLookups((hostname) => lookup(hostname, { all: true, order: 'verbatim' }));
}

/**
 * Questions for a name that is already being asked share its answer, so that one slow name holds one of
 * libuv's few resolver threads, not all. Nothing is kept once the answer is there.
 */
export function shareLookups(ask: Lookup): Lookup {
  const pending = new Map<string, ReturnType<Lookup>>();
  return async (hostname) => {
    const asked = pending.get(hostname);
    if (asked !== undefined) return asked;
    if (pending.size >= LOOKUPS_PENDING_MAX) throw new Error('Too many name lookups are already waiting.');
    const answer = ask(hostname).finally(() => pending.delete(hostname));
    pending.set(hostname, answer);
    return answer;
  };
}
