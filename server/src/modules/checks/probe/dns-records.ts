import type { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { canonicalAddress } from '#platform/outbound/address';

export const recordTypes = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'TXT', 'SOA', 'SRV', 'PTR', 'CAA'] as const;
export type RecordType = (typeof recordTypes)[number];

export interface Answered {
  readonly answers: readonly string[];
  /** Why there are no answers, as the end of a sentence. */
  readonly lack: string;
}

/**
 * The records of one type that a name has, one line each. "No such record" is an answer; every other fault is thrown.
 */
export async function askRecords(resolver: Resolver, name: string, record: RecordType): Promise<Answered> {
  try {
    const answers = await ask(resolver, name, record);
    if (answers.length > 0) return { answers, lack: '' };
    // The server gave an alias, but no record at its target.
    const [alias] = await resolver.resolveCname(name).catch(() => []);
    return {
      answers,
      lack: alias === undefined ? noData : `it is an alias of ${alias}, which has no such record`,
    };
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOTFOUND') return { answers: [], lack: 'the name does not exist (NXDOMAIN)' };
    if (code === 'ENODATA') return { answers: [], lack: noData };
    throw error;
  }
}

const noData = 'the name exists, but has no such record';

async function ask(resolver: Resolver, name: string, record: RecordType): Promise<string[]> {
  switch (record) {
    case 'MX':
      return (await resolver.resolveMx(name)).map(({ priority, exchange }) => `${priority} ${exchange}`);
    case 'TXT':
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
    case 'SOA': {
      const soa = await resolver.resolveSoa(name);
      return [`${soa.nsname} ${soa.hostmaster} ${soa.serial}`];
    }
    case 'SRV':
      return (await resolver.resolveSrv(name)).map(
        (srv) => `${srv.priority} ${srv.weight} ${srv.port} ${srv.name}`,
      );
    case 'CAA':
      return (await resolver.resolveCaa(name)).flatMap(({ critical, ...rest }) =>
        Object.entries(rest)
          // The record's type is one of its properties.
          .filter(([tag]) => tag !== 'type')
          .map(([tag, value]) => `${critical} ${tag} ${value}`),
      );
    case 'PTR':
      return isIP(name) === 0 ? await resolver.resolvePtr(name) : await resolver.reverse(name);
    default:
      return await resolver.resolve(name, record);
  }
}

/**
 * The first alias whose target does not exist, or undefined. A target without an address exists when it has other
 * records.
 */
export async function leadsNowhere(
  resolver: Resolver,
  aliases: readonly string[],
): Promise<string | undefined> {
  for (const alias of aliases) {
    const looks = await Promise.allSettled([resolver.resolve4(alias), resolver.resolve6(alias)]);
    const isGone = looks.every((look) =>
      look.status === 'fulfilled' ? look.value.length === 0 : codeOf(look.reason) === 'ENOTFOUND',
    );
    if (isGone) return alias;
  }
  return undefined;
}

/**
 * The expected records that are missing in the answers. Addresses are compared as addresses, names without case and
 * without the last dot.
 */
export function missingOf(
  record: RecordType,
  expected: readonly string[],
  answers: readonly string[],
): string[] {
  const there = new Set(answers.map((answer) => comparable(record, answer)));
  return expected.filter((one) => !there.has(comparable(record, one)));
}

function comparable(record: RecordType, text: string): string {
  if (record === 'TXT') return text;
  if (record === 'A' || record === 'AAAA') return canonicalAddress(text) ?? text;
  const words = text.toLowerCase().trim().split(/\s+/);
  return words.map((word) => word.replace(/\.$/, '').replace(/^"(.*)"$/, '$1')).join(' ');
}

export const silentServer = 'The DNS server does not answer.';

const faultWords: Readonly<Record<string, (name: string) => string>> = {
  ESERVFAIL: (name) => `The DNS server could not resolve ${name} (SERVFAIL).`,
  EREFUSED: (name) => `The DNS server refuses to answer for ${name} (REFUSED).`,
  ENOTIMP: () => 'The DNS server does not know this kind of question (NOTIMP).',
  EFORMERR: () => 'The DNS server does not understand the question (FORMERR).',
  EBADRESP: () => 'The other side is not a DNS server, or its answer is broken.',
  ETIMEOUT: () => silentServer,
  ECONNREFUSED: () => 'The connection to the DNS server was refused: nothing answers DNS on that port.',
  EBADNAME: (name) => `${name} is not a valid DNS name.`,
};

/** The meaning of a resolver's error, or undefined when the error is not from a resolver. */
export function dnsFaultWords(error: unknown, name: string): string | undefined {
  return faultWords[codeOf(error) ?? '']?.(name);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/**
 * The address that a PTR question is about, from a plain address or an in-addr.arpa or ip6.arpa name. Undefined for
 * other names.
 */
export function reverseAddress(name: string): string | undefined {
  if (isIP(name) !== 0) return name;
  const plain = name.toLowerCase().replace(/\.$/, '');
  const bytes = /^((?:\d{1,3}\.){4})in-addr\.arpa$/.exec(plain)?.[1];
  if (bytes !== undefined) return bytes.split('.').slice(0, 4).toReversed().join('.');
  const nibbles = /^((?:[0-9a-f]\.){32})ip6\.arpa$/.exec(plain)?.[1];
  if (nibbles === undefined) return undefined;
  const digits = nibbles.split('.').slice(0, 32).toReversed().join('');
  return (digits.match(/.{4}/g) ?? []).join(':');
}
