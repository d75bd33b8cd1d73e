import type { StateRow } from './careful-store.ts';
import type { IntakeItem } from './item.ts';
import type { OrderState, Stamp } from './judge.ts';

export function toStamp(item: IntakeItem): Stamp {
  const { sentAt, sequence, at } = item.record;
  return { receivedAt: at, sentAt, sequence, buffered: item.buffered };
}

export function toOrderState(row: StateRow): OrderState {
  const number = (text: string | null) => (text === null ? null : Number(text));
  return {
    lastSeenAt: row.last_seen_at?.getTime() ?? null,
    sentAt: row.sent_at?.getTime() ?? null,
    sequence: number(row.sequence),
    skewMs: number(row.skew_ms),
    lateSkewMs: number(row.late_skew_ms),
    lateSentAt: row.late_sent_at?.getTime() ?? null,
  };
}
