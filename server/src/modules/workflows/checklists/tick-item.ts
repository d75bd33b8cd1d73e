import type { Checklist } from '@watchkeeper/contracts';
import { audit, requirePermission, type Scope } from '#modules/identity';
import { recordResponses } from '#modules/incidents';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import { notFound } from '#platform/errors';
import { type ChecklistRow, lockChecklist, saveItems } from './store.ts';

/** Ticks an item of a checklist, or takes the tick back. Saying the same twice changes nothing. @throws not_found */
export async function tickItem(
  ctx: Pick<Ctx, 'db' | 'clock' | 'live'>,
  scope: Scope,
  { id, index, done }: { readonly id: string; readonly index: number; readonly done: boolean },
): Promise<Checklist> {
  requirePermission(scope, 'alerts:operate');
  const { organizationId, caller } = scope;
  return await ctx.db.tenant(organizationId, async (tx) => {
    const list = await lockChecklist(tx, organizationId, id);
    const item = list?.items[index];
    if (list === undefined || item === undefined) throw notFound('item');
    if ((item.done_at !== null) === done) return toChecklist(list);
    const at = nowDate(ctx.clock).toISOString();
    const items = list.items.map((other, place) =>
      place === index ? { ...other, done_at: done ? at : null, done_by: done ? caller.name : null } : other,
    );
    await saveItems(tx, id, items);
    const why = `${caller.name} ${done ? 'did' : 'took back'}: ${item.text}`;
    const details = { checklist: id, item: index, done };
    await recordResponses(ctx, tx, [{ incidentId: list.incident_id, why, details, actor: caller }]);
    await audit(tx, scope, {
      action: 'checklist.ticked',
      target: { kind: 'incident', id: list.incident_id, name: list.title },
      after: { item: item.text, done },
    });
    await ctx.live.publish(tx, { organizationId, topic: 'workflow', ids: [] });
    return toChecklist({ ...list, items });
  });
}

export function toChecklist({ id, title, url, items }: ChecklistRow): Checklist {
  return { id, title, url, items: [...items] };
}
