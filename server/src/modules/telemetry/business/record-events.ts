import { parseInstant } from '@watchkeeper/contracts/instant';
import type { BusinessEvent } from '@watchkeeper/contracts/telemetry';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { inParts, toDataError } from '#platform/db/parts';
import { invalidField } from '#platform/errors';
import { newId } from '#platform/ids';
import { eventsRecorded } from '../events.ts';
import { type ItemError, toItemError } from '../items.ts';
import { insertLateSpan } from '../past-store.ts';
import { runtimeOf } from '../runtime.ts';
import { dayMs } from '../upkeep/days.ts';
import { claimEventKeys, countEvents, insertEvents, type NewEvent } from './event-store.ts';
import { type Places, readPlaces } from './references.ts';

/** A till's clock may be a little ahead; an event from tomorrow would sit in a window that has not begun. */
export const aheadMsMax = 5 * 60_000;
/** The shortest window of a rule: what is younger when it arrives is in all of them. */
const lateMsMin = 60_000;

export interface ItemReceipt {
  index: number;
  id: string | null;
  accepted: boolean;
  duplicate: boolean;
  error?: ItemError;
}

export interface Checked<T> {
  readonly index: number;
  readonly value: T;
}

/** One transaction: events, their minutes and the message to the rules exist together or not at all. */
export async function recordEvents(
  ctx: Ctx,
  organizationId: string,
  items: readonly Checked<BusinessEvent>[],
): Promise<ItemReceipt[]> {
  if (items.length === 0) return [];
  const now = ctx.clock.now();
  await runtimeOf(ctx).days.ensureFor(now);
  return await ctx.db.tenant(organizationId, async (tx) => {
    const places = await readPlaces(
      tx,
      organizationId,
      items.map((item) => item.value),
    );
    const receipts: ItemReceipt[] = [];
    const events: { index: number; event: NewEvent }[] = [];
    for (const { index, value } of items) {
      try {
        events.push({ index, event: toNewEvent(ctx, places, value, now) });
      } catch (error) {
        receipts.push({ ...refusedReceipt(index, error), id: value.id ?? null });
      }
    }
    const { results, faults } = await inParts(tx, events, async (part) => {
      const fresh = await onlyFresh(
        tx,
        organizationId,
        part.map(({ event }) => event),
      );
      if (fresh.length > 0) await store(ctx, tx, organizationId, fresh, now);
      const counted = new Set(fresh.map((event) => event.id));
      return part.map(({ index, event }) => {
        const duplicate = !counted.has(event.id);
        return { index, id: event.external_id ?? event.id, accepted: true, duplicate };
      });
    });
    receipts.push(...results.flat(), ...faults.map(({ item, error }) => refusedReceipt(item.index, error)));
    return receipts;
  });
}

/** One that is refused for what it says, or because the database cannot hold it. */
export function refusedReceipt(index: number, error: unknown): ItemReceipt {
  return { index, id: null, accepted: false, duplicate: false, error: toItemError(toDataError(error)) };
}

/** The same sender's id twice counts once, in this body or ever before. */
async function onlyFresh(tx: Tx, organizationId: string, events: readonly NewEvent[]): Promise<NewEvent[]> {
  const firsts = new Map<string, { external_id: string; id: string; received_at: Date }>();
  for (const { external_id, id, received_at } of events) {
    if (external_id !== null && !firsts.has(external_id))
      firsts.set(external_id, { external_id, id, received_at });
  }
  const claimed = await claimEventKeys(tx, organizationId, [...firsts.values()]);
  return events.filter((event) => event.external_id === null || claimed.has(event.id));
}

async function store(
  ctx: Ctx,
  tx: Tx,
  organizationId: string,
  events: readonly NewEvent[],
  now: number,
): Promise<void> {
  await insertEvents(tx, organizationId, events);
  await countEvents(tx, organizationId, events);
  const happened = {
    organizationId,
    types: [...new Set(events.map((event) => event.type))],
    siteIds: [...new Set(events.map((event) => event.site_id))],
  };
  const late = lateSpan(events, now);
  if (late !== undefined) await insertLateSpan(tx, { ...happened, ...late }, new Date(now));
  await ctx.events.publish(tx, eventsRecorded, happened);
}

/** Events that arrived later than windows accept, as one time span: rules judge it for its own time. */
function lateSpan(events: readonly NewEvent[], now: number): { from: Date; to: Date } | undefined {
  const times = events.map((event) => event.occurred_at.getTime()).filter((at) => at < now - lateMsMin);
  if (times.length === 0) return undefined;
  return { from: new Date(Math.min(...times)), to: new Date(Math.max(...times)) };
}

function toNewEvent(ctx: Ctx, places: Places, event: BusinessEvent, now: number): NewEvent {
  const site = places.site(event.site);
  return {
    id: newId(),
    external_id: event.id ?? null,
    type: event.type,
    outcome: event.outcome,
    site_id: site.id,
    device_id: event.device === undefined ? null : places.device(event.device).id,
    area_id: event.area === undefined ? null : places.area(event.area, site.id).id,
    route: event.route ?? null,
    user_ref: event.user_ref ?? null,
    amount: event.amount ?? null,
    currency: event.currency ?? null,
    occurred_at: toOccurred('occurred_at', event.occurred_at, now, ctx.config.metrics.retentionDays),
    received_at: new Date(now),
  };
}

/** @throws validation_failed for a time that no window of ours covers */
export function toOccurred(
  field: string,
  text: string | undefined,
  now: number,
  retentionDays: number,
): Date {
  if (text === undefined) return new Date(now);
  const at = parseInstant(text);
  if (at === undefined) throw invalidField(field, 'must be a time');
  if (at > now + aheadMsMax) throw invalidField(field, 'is in the future');
  if (at < now - retentionDays * dayMs)
    throw invalidField(field, `is older than the ${retentionDays} days kept`);
  return new Date(at);
}
