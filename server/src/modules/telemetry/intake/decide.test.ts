import { expect, test } from 'vitest';
import type { StateRow } from './careful-store.ts';
import { decide } from './decide.ts';
import type { IntakeItem } from './item.ts';
import { Known, lookupsOf } from './known.ts';

const noon = Date.UTC(2026, 2, 2, 12);
const second = 1_000;
const day = 86_400 * second;
const limits = { liveDelayMs: 120 * second, silenceMs: 120 * second, keptMs: 30 * day };

const stateOf = (own: Partial<StateRow> = {}): StateRow => ({
  organization_id: 'ours',
  device_key: 7,
  device_id: 'seven',
  site_id: 'north',
  last_seen_at: new Date(noon - 30 * second),
  status: 'online',
  watched: false,
  sequence: null,
  sent_at: new Date(noon - 30 * second),
  skew_ms: '0',
  late_skew_ms: null,
  late_sent_at: null,
  ...own,
});
const itemAt = (sentAt: number, own: Partial<IntakeItem> = {}): IntakeItem => ({
  device: {
    key: 7,
    id: 'seven',
    slug: 'seven',
    organizationId: 'ours',
    organizationSlug: 'ours',
    siteId: 'north',
    siteSlug: 'north',
    retired: false,
  },
  record: { at: noon, status: 'ok', appVersion: null, sentAt, sequence: null, values: {}, metrics: null },
  reported: 'online',
  words: { idOf: () => undefined },
  buffered: false,
  flagged: false,
  settle: () => undefined,
  ...own,
});
const decided = (state: StateRow | undefined, items: readonly IntakeItem[], known = new Known()) =>
  decide(
    limits,
    new Map([[7, items]]),
    state === undefined ? new Map() : new Map([[7, state]]),
    new Map([[7, known]]),
  );

test('the plain next heartbeat updates its device and publishes nothing', () => {
  const item = itemAt(noon);
  const { outcomes, open, updates, changed, attention, silences } = decided(stateOf(), [item]);
  expect(outcomes.get(item)).toEqual({ verdict: 'live', status: 'online' });
  expect(open).toHaveLength(1);
  expect(updates).toMatchObject([{ device_key: 7, last_seen_at: new Date(noon) }]);
  expect([changed, attention, silences]).toEqual([[], [], []]);
});

test('a recovery is published to screens and to higher floors', () => {
  const { changed, attention, updates } = decided(stateOf({ status: 'offline' }), [itemAt(noon)]);
  expect(changed).toMatchObject([{ device_id: 'seven' }]);
  expect(attention).toEqual([7]);
  expect(updates[0]?.newest).toMatchObject({ status: 'online', status_since: new Date(noon) });
});

test('a device in maintenance stays so, whatever arrives', () => {
  const item = itemAt(noon);
  const { outcomes, changed } = decided(stateOf({ status: 'maintenance' }), [item]);
  expect(outcomes.get(item)).toEqual({ verdict: 'live', status: 'maintenance' });
  expect(changed).toEqual([]);
});

test('the second of two equal heartbeats in one batch is a duplicate and is not written', () => {
  const [one, again] = [itemAt(noon), itemAt(noon)];
  const { outcomes, open } = decided(stateOf(), [one, again]);
  expect([outcomes.get(one), outcomes.get(again)]).toMatchObject([
    { verdict: 'live' },
    { verdict: 'duplicate' },
  ]);
  expect(open).toHaveLength(1);
});

test('a heartbeat that is in history already is a duplicate and changes nothing', () => {
  const known = new Known();
  const item = itemAt(noon - 60 * second, { buffered: true });
  known.add(item.record);
  const { outcomes, open, closed, updates } = decided(stateOf(), [item], known);
  expect(outcomes.get(item)).toMatchObject({ verdict: 'duplicate' });
  expect([open, closed, updates]).toEqual([[], [], []]);
});

test('a heartbeat for a packed day is stored beside it, and its rollups are computed again', () => {
  const at = noon - 2 * day;
  const { open, closed, dirty, updates } = decided(stateOf(), [itemAt(at, { buffered: true })]);
  expect(open).toEqual([]);
  expect(closed).toMatchObject([{ at: new Date(at), device_key: 7 }]);
  expect(dirty).toEqual([{ device_key: 7, bucket: new Date(at) }]);
  expect(updates[0]?.newest).toBeNull();
});

test('a silence that nobody noticed is reported with the heartbeat that ends it', () => {
  const from = new Date(noon - 300 * second);
  const silent = { last_seen_at: from, sent_at: from };
  const unnoticed = decided(stateOf(silent), [itemAt(noon)]);
  expect(unnoticed.silences).toEqual([{ deviceKey: 7, from, to: new Date(noon) }]);
  expect(unnoticed.attention).toEqual([7]);
  expect(decided(stateOf({ ...silent, status: 'offline' }), [itemAt(noon)]).silences).toEqual([]);
});

test('a deleted device is not found', () => {
  const item = itemAt(noon);
  const { outcomes, open } = decided(undefined, [item]);
  expect(outcomes.get(item)).toBeInstanceOf(Error);
  expect(open).toEqual([]);
});

test('history is read only for heartbeats that are not clearly newer than the newest', () => {
  const states = new Map([[7, stateOf()]]);
  expect(lookupsOf(new Map([[7, [itemAt(noon)]]]), states)).toEqual([]);
  expect(lookupsOf(new Map([[7, [itemAt(noon - 60 * second)]]]), states)).toEqual([
    {
      organizationId: 'ours',
      deviceKeys: [7],
      from: new Date(noon - 11 * 60 * second),
      to: new Date(noon + 1),
    },
  ]);
});
