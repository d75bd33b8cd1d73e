import { newId } from '#platform/ids';
import { digestTone, type Tone } from '../topics/message.ts';
import type { PlannedRow } from './planned-row.ts';

/** A plan with at least this many rows puts them into one message. */
export const bundleFrom = 4;
/** Storm breaker: single messages to one recipient of a channel per minute. The rest waits for a digest. */
export const messagesPerMinuteMax = 20;
export const digestDelaySeconds = 60;

/** A message that is to be written, and the ledger rows that it tells. */
export interface NewMessage {
  readonly id: string;
  readonly channelId: string | null;
  readonly recipientId: string | null;
  readonly recipient: string;
  readonly tone: Tone;
  readonly startAfterSeconds: number;
}

/** A digest that waits for its minute to end and still has room. */
export interface OpenDigest {
  readonly messageId: string;
  /** The channel, or the recipient of its own. */
  readonly channelId: string;
  readonly recipient: string;
  readonly count: number;
}

export interface BundleInput {
  /** Rows that are to be told. */
  readonly rows: readonly PlannedRow[];
  /** Messages of the last minute, by `addressKey`. */
  readonly recent: ReadonlyMap<string, number>;
  readonly digests: readonly OpenDigest[];
  /** Rows of one tone may stand in one message. */
  readonly toneOf: (transitionKind: string) => Tone;
  readonly itemsPerMessageMax: (channelKind: string) => number;
}

export interface Bundled {
  readonly messages: NewMessage[];
  /** The message of each row. */
  readonly messageOf: Map<PlannedRow, string>;
}

export function addressKey(channelId: string, recipient: string): string {
  return `${channelId} ${recipient}`;
}

/** Puts rows into messages: few one by one, many together, a storm into one digest per minute. */
export function bundleRows(input: BundleInput): Bundled {
  const bundled: Bundled = { messages: [], messageOf: new Map() };
  const addressed = input.rows.filter((row) => addresseeOf(row) !== undefined);
  const byAddress = Map.groupBy(addressed, (row) => addressKey(addresseeOf(row) ?? '', row.recipient));
  for (const [key, rows] of byAddress) {
    const itemsMax = input.itemsPerMessageMax(rows[0]?.channelKind ?? '');
    const groups = [...Map.groupBy(rows, (row) => input.toneOf(row.transition.kind))].flatMap(([tone, own]) =>
      chunk(own, own.length >= bundleFrom ? itemsMax : 1).map((items) => ({ tone, items })),
    );
    const free = Math.max(0, messagesPerMinuteMax - (input.recent.get(key) ?? 0));
    for (const { tone, items } of groups.slice(0, free)) addMessage(bundled, items, tone, 0);
    const rest = groups.slice(free).flatMap((group) => group.items);
    if (rest.length > 0) addToDigest(bundled, rest, input.digests, itemsMax);
  }
  return bundled;
}

/** Id of the channel, or of the recipient with a row of its own. */
function addresseeOf(row: PlannedRow | undefined): string | undefined {
  return row?.channelId ?? row?.recipientId;
}

function addToDigest(
  bundled: Bundled,
  rows: readonly PlannedRow[],
  digests: readonly OpenDigest[],
  itemsMax: number,
): void {
  const [first] = rows;
  const open = digests.find(
    (digest) => digest.channelId === addresseeOf(first) && digest.recipient === first?.recipient,
  );
  const room = open === undefined ? 0 : Math.max(0, itemsMax - open.count);
  for (const row of rows.slice(0, room)) if (open !== undefined) bundled.messageOf.set(row, open.messageId);
  for (const items of chunk(rows.slice(room), itemsMax))
    addMessage(bundled, items, digestTone, digestDelaySeconds);
}

function addMessage(
  bundled: Bundled,
  rows: readonly PlannedRow[],
  tone: Tone,
  startAfterSeconds: number,
): void {
  const [first] = rows;
  if (first === undefined) return;
  const id = newId();
  bundled.messages.push({
    id,
    channelId: first.channelId,
    recipientId: first.channelId === null ? (first.recipientId ?? null) : null,
    recipient: first.recipient,
    tone,
    startAfterSeconds,
  });
  for (const row of rows) bundled.messageOf.set(row, id);
}

function chunk<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}
