/** The meaning of a ping. `ignored`: recorded, but its method or its keywords do not count. */
export type PingKind = 'success' | 'start' | 'fail' | 'log' | 'ignored';
export type PingSource = 'healthchecks' | 'uptime_kuma' | 'gatus';

/** A ping as it was received. Its meaning is decided when it is applied. */
export interface Ping {
  readonly checkId: string;
  /** When we received it, in milliseconds since the epoch. */
  readonly at: number;
  readonly kind: PingKind;
  readonly source: PingSource;
  readonly exitStatus: number | null;
  /** Run id: pairs a start with its end. */
  readonly rid: string | null;
  readonly method: string;
  readonly remoteAddress: string;
  readonly userAgent: string;
  /** Only the first bytes, as base64. `bodyBytes` is the size of the whole body. */
  readonly body: string | null;
  readonly bodyBytes: number;
  /** As measured by the sender. */
  readonly durationMs: number | null;
}

/** Bytes kept of a body, from its start. The same as the default of Healthchecks. */
export const pingBodyBytesMax = 10_000;
export const userAgentLengthMax = 200;
/** Pings kept per check. The oldest is dropped for a new one. */
export const pingsKept = 100;

/** A ping before its check and its time are added. */
export type SaidPing = Omit<Ping, 'checkId' | 'at'>;

/**
 * A ping as a journal row holds it: a list, because property names would take most of the space. Fields that are
 * usually empty come last, where they are left out.
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
