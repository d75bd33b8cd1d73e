import {
  attentions,
  type IncidentOrder,
  type IncidentQuery,
  type IncidentWithTimeline,
  listLimitDefault,
  similarDays,
} from '@watchkeeper/contracts';
import { toInstant } from '@watchkeeper/contracts/instant';
import { loadAlertViews } from '#modules/alerting';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { invalidField, notFound } from '#platform/errors';
import { decodeCursor, decodeTimeCursor, encodeCursor } from '#platform/http/cursor';
import { isId } from '#platform/ids';
import {
  findIncident,
  type IncidentFilter,
  type IncidentRow,
  listIncidentRows,
  listLinks,
  listMembers,
  listTimeline,
} from './incident-store.ts';
import { attentionOfIncident, toIncident, toLink, toSimilar, toTransition } from './incident-view.ts';
import { findRunbook, listSimilar } from './similar-store.ts';

/** Longer ones are cut; the counts of the incident count all. */
const alertsMax = 500;
const timelineMax = 500;
const similarMax = 10;
const dayMs = 86_400_000;

/** Rows in the order asked, one more than the page has when there are more. */
export async function listIncidents(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  scope: Scope,
  query: IncidentQuery,
): Promise<{ rows: IncidentRow[]; now: Date }> {
  requirePermission(scope, 'read');
  const now = new Date(ctx.clock.now());
  const filter = toFilter(query, scope, now);
  const rows = await ctx.db.tenant(scope.organizationId, (tx) => listIncidentRows(tx, filter));
  return { rows, now };
}

function toFilter(query: IncidentQuery, scope: Scope, now: Date): IncidentFilter {
  const order = query.order ?? 'newest';
  return {
    organizationId: scope.organizationId,
    status: query.status,
    severity: query.severity,
    priority: query.priority,
    site: query.site,
    device: query.device,
    type: query.type,
    alert: query.alert,
    assignedTo: assigneeOf(query.assigned_to, scope),
    since: query.since === undefined ? undefined : toInstant(query.since),
    search: query.q === undefined || query.q.trim() === '' ? undefined : query.q,
    order,
    after: decodeCursorOfIncident(query.cursor, order),
    limit: query.limit ?? listLimitDefault,
    now,
  };
}

function assigneeOf(text: string | undefined, { caller }: Scope): string | null | undefined {
  if (text === undefined) return undefined;
  if (text === 'nobody') return null;
  const id = text === 'me' ? caller.id : text;
  if (!isId(id)) throw invalidField('assigned_to', 'is neither a member, nor "me", nor "nobody"');
  return id;
}

/** The number by which the store orders incidents. */
function weightOf(row: IncidentRow, now: Date): number {
  return attentions.indexOf(attentionOfIncident(row, now)) * 10 + Number(row.priority.slice(1));
}

export function cursorOfIncident(row: IncidentRow, order: IncidentOrder, now: Date): readonly unknown[] {
  const place = [row.opened_at.toISOString(), row.id];
  return order === 'weight' ? [...place, weightOf(row, now)] : place;
}

function decodeCursorOfIncident(text: string | undefined, order: IncidentOrder): IncidentFilter['after'] {
  if (text === undefined) return undefined;
  if (order === 'newest') {
    const place = decodeTimeCursor(text);
    return place === undefined ? undefined : { ...place, weight: 0 };
  }
  const [at, id, weight] = decodeCursor(text, 3);
  const place = decodeTimeCursor(encodeCursor([at, id]));
  if (place === undefined || !Number.isInteger(weight))
    throw invalidField('cursor', 'is not a cursor of this list');
  return { ...place, weight: Number(weight) };
}

/** @throws not_found */
export async function getIncident(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  scope: Scope,
  reference: string,
): Promise<IncidentWithTimeline> {
  requirePermission(scope, 'read');
  const now = new Date(ctx.clock.now());
  const since = new Date(now.getTime() - similarDays * dayMs);
  return await ctx.db.tenant(scope.organizationId, async (tx) => {
    const row = await findIncident(tx, scope.organizationId, reference);
    if (row === undefined) throw notFound('incident');
    const members = await listMembers(tx, row.id, alertsMax);
    const views = await loadAlertViews(
      tx,
      members.map((member) => member.alert_id),
    );
    const byId = new Map(
      views.map(({ organization_id: _id, organization_name: _name, site_timezone: _zone, ...alert }) => [
        alert.id,
        alert,
      ]),
    );
    const similar = await listSimilar(tx, row, since, similarMax);
    return {
      ...toIncident(row, now),
      site_timezone: row.site_timezone,
      alerts: members.flatMap(({ alert_id: id, joined_at: joined, recovered_at: recovered, ...member }) => {
        const alert = byId.get(id);
        if (alert === undefined) return [];
        return [
          {
            alert,
            ...member,
            joined_at: joined.toISOString(),
            recovered_at: recovered?.toISOString() ?? null,
          },
        ];
      }),
      timeline: (await listTimeline(tx, row.id, timelineMax)).map(toTransition),
      similar: { count: similar[0]?.total ?? 0, incidents: similar.map(toSimilar) },
      links: (await listLinks(tx, row.id)).map(toLink),
      suggested_step: (await findRunbook(tx, row.id)) ?? null,
    };
  });
}
