import type { Source, SourceObject } from '@watchkeeper/contracts/sources';
import { isFresh, sourceKinds } from '#modules/sources';
import { redactConfig } from '#platform/kinds/secrets';
import type { ObjectRow, SourceRow } from './store.ts';

/** What the form of a new source needs. */
export function describeSourceKinds() {
  return sourceKinds.all.map((kind) => ({
    ...sourceKinds.describe(kind),
    check_kind: kind.reads === 'devices' ? kind.kind : null,
  }));
}

export function toSource(row: SourceRow, now: number): Source {
  const kind = sourceKinds.find(row.kind);
  const sealed = row.secrets === null ? [] : (kind?.secrets ?? []);
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    kind: row.kind,
    config: redactConfig(kind, { ...row.config, ...Object.fromEntries(sealed.map((name) => [name, ''])) }),
    interval: row.interval_seconds,
    timeout: row.timeout_seconds,
    alert_after_failures: row.alert_after_failures,
    site: row.site_slug,
    enabled: row.enabled,
    check: row.check_slug,
    state: {
      status: row.status,
      since: row.since.toISOString(),
      reason: row.reason,
      last_reading: row.read_at?.toISOString() ?? null,
      fresh: isFresh(row.read_at, now),
      objects: row.objects,
      linked: row.linked,
      failing: failingOf(row),
      not_before: row.not_before?.toISOString() ?? null,
      next_due_at: row.next_due_at?.toISOString() ?? null,
    },
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** Shows a failure at once, also when no reading has ever succeeded and `status` is still unknown. */
function failingOf(row: SourceRow): Source['state']['failing'] {
  if (!row.enabled || row.status === 'down' || row.failing_since === null) return null;
  return {
    since: row.failing_since.toISOString(),
    reason: row.last_reason ?? '',
    readings: row.consecutive_failures,
  };
}

/** The fields that an operator sets, without those that change by themselves. */
export function sourceFields(row: SourceRow) {
  const { slug, name, kind, config, interval, timeout, alert_after_failures, site, enabled } = toSource(
    row,
    0,
  );
  return { slug, name, kind, config, interval, timeout, alert_after_failures, site, enabled };
}

export function toObject(row: ObjectRow, now: number): SourceObject {
  const free = row.linked.length === 0 && row.suggested !== null && row.matched !== null;
  return {
    ref: row.external_id,
    name: row.name,
    hostname: row.hostname,
    macs: row.macs,
    state: row.state,
    since: row.since?.toISOString() ?? null,
    observed_at: row.observed_at.toISOString(),
    fresh: isFresh(row.observed_at, now),
    details: row.details,
    linked: row.linked,
    suggestion: free ? { device: row.suggested ?? '', by: row.matched ?? 'name' } : null,
  };
}
