import { type DeviceStatus, deviceStatuses, type Overview, standingOf } from '@watchkeeper/contracts';
import { requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { toAlert } from './alerts/alert-view.ts';
import {
  type ChangeRow,
  countAttention,
  findOrganizationName,
  listActiveRows,
  listRecentChanges,
  listSiteSummaries,
  type SiteRow,
} from './alerts/store.ts';
import { readMoment } from './detection/moment.ts';

const alertsMax = 100;
const changesMax = 100;
const recentMs = 3_600_000;

/** Everything that one screen shows: the sites, what is open and why, and what changed in the last hour. */
export async function readOverview(ctx: Ctx, scope: Scope): Promise<Overview> {
  requirePermission(scope, 'read');
  const { organizationId } = scope;
  // A system transaction: the state of our own watch belongs to no tenant.
  const { moment, state } = await ctx.db.system((tx) => readMoment(ctx, tx));
  const since = new Date(moment.now.getTime() - recentMs);
  return await ctx.db.tenant(organizationId, async (tx) => {
    const sites = await listSiteSummaries(tx, organizationId);
    const active = await listActiveRows(tx, organizationId, alertsMax);
    const changes = await listRecentChanges(tx, organizationId, since, changesMax);
    const name = await findOrganizationName(tx, organizationId);
    return {
      organization: { id: organizationId, slug: scope.organizationSlug, name },
      now: moment.now.toISOString(),
      watch: {
        intake_up: moment.watch.intakeUp,
        watching_since: moment.watch.watchingSince.toISOString(),
        last_checked_at: state.lastTickAt?.toISOString() ?? null,
        suspected_our_outage_since: state.suspectedSince?.toISOString() ?? null,
      },
      devices: countStatuses(sites.map((site) => site.statuses)),
      sites: sites.map(toSite),
      attention: await countAttention(tx, organizationId),
      alerts: active.rows.map(toAlert),
      alerts_total: active.total,
      changes: changes.map(toChange),
    };
  });
}

function countStatuses(parts: readonly Readonly<Record<string, number>>[]): Overview['devices'] {
  const counts: Record<DeviceStatus, number> = {
    online: 0,
    degraded: 0,
    unresponsive: 0,
    offline: 0,
    unknown: 0,
    maintenance: 0,
  };
  for (const part of parts) for (const status of deviceStatuses) counts[status] += part[status] ?? 0;
  return { total: deviceStatuses.reduce((sum, status) => sum + counts[status], 0), ...counts };
}

function toSite(site: SiteRow): Overview['sites'][number] {
  const devices = countStatuses([site.statuses]);
  return {
    id: site.id,
    slug: site.slug,
    name: site.name,
    timezone: site.timezone,
    devices,
    last_seen_at: site.last_seen_at?.toISOString() ?? null,
    standing: standingOf({ attention: site.attention, devices }),
    attention: site.attention,
    open_alerts: site.open_alerts,
    worst_severity: site.worst_severity,
  };
}

function toChange(row: ChangeRow): Overview['changes'][number] {
  return {
    at: row.at.toISOString(),
    kind: row.kind,
    actor: row.actor_name,
    alert_id: row.alert_id,
    type: row.type,
    severity: row.severity,
    title: row.title,
    why: row.why,
  };
}
