/** What a ping says. `ignored`: noted, because its method or its words do not count. */
export type PingKind = 'success' | 'start' | 'fail' | 'log' | 'ignored';
export type PingSource = 'healthchecks' | 'uptime_kuma' | 'gatus';

/** A ping as it came in; what it means is found out when it is applied. */
export interface Ping {
  readonly checkId: string;
  /** Our receipt, in milliseconds of the epoch. */
  readonly at: number;
  readonly kind: PingKind;
  readonly source: PingSource;
  readonly exitStatus: number | null;
  /** Pairs a start with its end. */
  readonly rid: string | null;
  readonly method: string;
  readonly remoteAddress: string;
  readonly userAgent: string;
  /** The first bytes only, as base64; their number is that of the whole. */
  readonly body: string | null;
  readonly bodyBytes: number;
  /** As the sender measured it. */
  readonly durationMs: number | null;
}

/** The first bytes of a body that are kept; as Healthchecks does by default. */
export const pingBodyBytesMax = 10_000;
export const userAgentLengthMax = 200;
/** Pings kept per check; an older one makes room. */
export const pingsKept = 100;

/** As a door takes it in, before we say whose and when. */
export type SaidPing = Omit<Ping, 'checkId' | 'at'>;

/**
 * As a journal row holds it: a list, since names would be most of its bytes, with what most pings lack at its end,
 * where it is left out.
 */
function toList(checkId: string, at: number, ping: SaidPing) {
  return [
    checkId,
    at,
    ping.kind,
    ping.source,
    ping.method,
    ping.remoteAddress,
    ping.userAgent,
    ping.bodyBytes,
    ping.body,
    ping.exitStatus,
    ping.rid,
    ping.durationMs,
  ] as const;
}

const always = 8;

export function encodePing(checkId: string, at: number, ping: SaidPing): readonly unknown[] {
  const list = toList(checkId, at, ping);
  let length: number = list.length;
  while (length > always && list[length - 1] === null) length -= 1;
  return length === list.length ? list : list.slice(0, length);
}

export function decodePings(text: string): Ping[] {
  // Safe because only encodePing writes the journal.
  const rows = JSON.parse(text) as ReturnType<typeof toList>[];
  return rows.map((row) => ({
    checkId: row[0],
    at: row[1],
    kind: row[2],
    source: row[3],
    method: row[4],
    remoteAddress: row[5],
    userAgent: row[6],
    bodyBytes: row[7],
    body: row[8] ?? null,
    exitStatus: row[9] ?? null,
    rid: row[10] ?? null,
    durationMs: row[11] ?? null,
  }));
}
