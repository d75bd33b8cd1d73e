import type { IncidentSettings, IncidentSettingsBody, IncidentSettingValues } from '@watchkeeper/contracts';
import { audit, requirePermission, type Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { findSettings, type SettingsRow, saveSettings } from './settings-store.ts';

const unset: SettingsRow = {
  group_by: null,
  group_wait_seconds: null,
  group_window_seconds: null,
  reopen_window_seconds: null,
  hold_down_seconds: null,
  flapping_changes: null,
  flapping_within_seconds: null,
};

/** The values that count for the organization. */
export async function readGrouping(
  ctx: Pick<Ctx, 'config'>,
  tx: Tx,
  organizationId: string,
): Promise<IncidentSettingValues> {
  return inForce(ctx, (await findSettings(tx, organizationId)) ?? unset);
}

export async function readSettings(ctx: Pick<Ctx, 'config' | 'db'>, scope: Scope): Promise<IncidentSettings> {
  requirePermission(scope, 'read');
  const { organizationId } = scope;
  return await ctx.db.tenant(organizationId, async (tx) =>
    toSettings(ctx, (await findSettings(tx, organizationId)) ?? unset),
  );
}

/** Replaces the organization's own values. They count for the alerts that open from now on. */
export async function writeSettings(
  ctx: Pick<Ctx, 'config' | 'db'>,
  scope: Scope,
  body: IncidentSettingsBody,
): Promise<IncidentSettings> {
  requirePermission(scope, 'rules:write');
  const { organizationId } = scope;
  const row: SettingsRow = {
    group_by: body.group_by ?? null,
    group_wait_seconds: body.group_wait_seconds ?? null,
    group_window_seconds: body.group_window_seconds ?? null,
    reopen_window_seconds: body.reopen_window_seconds ?? null,
    hold_down_seconds: body.hold_down_seconds ?? null,
    flapping_changes: body.flapping?.changes ?? null,
    flapping_within_seconds: body.flapping?.within_seconds ?? null,
  };
  return await ctx.db.tenant(organizationId, async (tx) => {
    const before = await findSettings(tx, organizationId);
    await saveSettings(tx, organizationId, row);
    await audit(tx, scope, {
      action: 'incident_settings.changed',
      target: { kind: 'incident_settings', id: organizationId, name: 'Incidents' },
      before: before ?? unset,
      after: row,
    });
    return toSettings(ctx, row);
  });
}

function toSettings(ctx: Pick<Ctx, 'config'>, row: SettingsRow): IncidentSettings {
  const { flapping_changes: changes, ...rest } = row;
  const set = Object.entries(rest)
    .filter(([, value]) => value !== null)
    .map(([name]) => (name === 'flapping_within_seconds' ? 'flapping' : name));
  const hasOwnFlapping = changes !== null && !set.includes('flapping');
  return {
    ...inForce(ctx, row),
    defaults: inForce(ctx, unset),
    set: hasOwnFlapping ? [...set, 'flapping'] : set,
  };
}

function inForce({ config }: Pick<Ctx, 'config'>, row: SettingsRow): IncidentSettingValues {
  const { incidents } = config;
  return {
    group_by: row.group_by ?? incidents.groupBy,
    group_wait_seconds: row.group_wait_seconds ?? incidents.groupWaitSeconds,
    group_window_seconds: row.group_window_seconds ?? incidents.groupWindowSeconds,
    reopen_window_seconds: row.reopen_window_seconds ?? incidents.reopenWindowSeconds,
    hold_down_seconds: row.hold_down_seconds ?? incidents.holdDownSeconds,
    flapping: {
      changes: row.flapping_changes ?? incidents.flappingChanges,
      within_seconds: row.flapping_within_seconds ?? incidents.flappingWithinSeconds,
    },
  };
}
