import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { inParts, toDataError } from '#platform/db/parts';
import { byOrganization } from '#platform/events';
import { attentionKeysMax, devicesNeedAttention } from '../events.ts';
import { readRecords } from '../history/read-records.ts';
import type { WordBooks } from '../history/word-book.ts';
import { insertSilences } from '../past-store.ts';
import { announceStates } from '../state/announce-states.ts';
import { dayMs } from '../upkeep/days.ts';
import { groupByDevice } from './by-device.ts';
import {
  ensureStates,
  insertRaw,
  lockStates,
  markDirty,
  type StateRow,
  updateStates,
} from './careful-store.ts';
import { type DecideLimits, type Decisions, decide } from './decide.ts';
import type { IntakeItem, Outcome } from './item.ts';
import { Known, type Lookup, lookupsOf } from './known.ts';

export interface CarefulDeps extends Omit<DecideLimits, 'keptMs'> {
  readonly ctx: Ctx;
  readonly books: WordBooks;
}

/**
 * Everything that is not the plain next heartbeat: first contact, recovery, a change of status, devices
 * somebody waits for, retries, late arrivals, several heartbeats of one device. One transaction; rows are
 * locked in order of device key, then judged in memory (decide.ts), then written set-based. What cannot be stored is refused
 * alone.
 */
export async function storeCarefully(
  deps: CarefulDeps,
  items: readonly IntakeItem[],
  isFault: (error: unknown) => boolean,
): Promise<Map<IntakeItem, Outcome | Error>> {
  const sorted = [...groupByDevice(items).values()].flat();
  // Across tenants: one batch carries heartbeats of many organizations.
  return await deps.ctx.db.system(async (tx) => {
    const store = (part: readonly IntakeItem[]) => storePart(deps, tx, part);
    const { results, faults } = await inParts(tx, sorted, store, isFault);
    const outcomes = new Map(results.flatMap((part) => [...part]));
    for (const { item, error } of faults) {
      deps.ctx.log.warn({ err: error, device_id: item.device.id }, 'a heartbeat cannot be stored');
      outcomes.set(item, toDataError(error));
    }
    return outcomes;
  });
}

async function storePart(
  deps: CarefulDeps,
  tx: Tx,
  items: readonly IntakeItem[],
): Promise<Map<IntakeItem, Outcome | Error>> {
  const byDevice = groupByDevice(items);
  await ensureStates(
    tx,
    [...byDevice.values()].map((group) => group[0]?.device.id ?? ''),
    new Date(deps.ctx.clock.now()),
  );
  const states = new Map((await lockStates(tx, [...byDevice.keys()])).map((row) => [row.device_key, row]));
  const known = await readKnown(tx, deps.books, lookupsOf(byDevice, states));
  const { liveDelayMs, silenceMs } = deps;
  const keptMs = deps.ctx.config.heartbeat.retentionDays * dayMs;
  const decisions = decide({ liveDelayMs, silenceMs, keptMs }, byDevice, states, known);
  await write(tx, deps.ctx, decisions, states);
  return decisions.outcomes;
}

async function readKnown(tx: Tx, books: WordBooks, lookups: readonly Lookup[]): Promise<Map<number, Known>> {
  const known = new Map<number, Known>();
  for (const lookup of lookups) {
    for (const [deviceKey, records] of await readRecords(tx, books, lookup)) {
      const held = new Known();
      for (const record of records) held.add(record);
      known.set(deviceKey, held);
    }
  }
  return known;
}

async function write(
  tx: Tx,
  ctx: Ctx,
  decisions: Decisions,
  states: ReadonlyMap<number, StateRow>,
): Promise<void> {
  await insertRaw(tx, 'heartbeats', decisions.open);
  await insertRaw(tx, 'heartbeats_late', decisions.closed);
  await markDirty(tx, decisions.dirty);
  await updateStates(tx, decisions.updates);
  await insertSilences(tx, decisions.silences);
  const at = new Date(ctx.clock.now()).toISOString();
  const ownerOf = (deviceKey: number) => states.get(deviceKey)?.organization_id ?? '';
  const parts = byOrganization(decisions.attention, ownerOf, attentionKeysMax);
  await ctx.events.publishAll(
    tx,
    devicesNeedAttention,
    parts.map(({ organizationId, items }) => ({ organizationId, deviceKeys: items, at })),
  );
  await announceStates(tx, ctx, decisions.changed);
}
