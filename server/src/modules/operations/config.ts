import { durationSeconds } from '@watchkeeper/contracts/duration';
import type {
  MonitoringChange,
  MonitoringConfig,
  MonitoringSetting,
} from '@watchkeeper/contracts/operations';
import {
  type MonitoringSetting as Declared,
  type MonitoringName,
  mistakeIn,
  monitoringNames,
  monitoringSettings,
  readSetting,
} from '#config';
import { audit, requirePermission, type Scope } from '#modules/identity';
import { nowDate } from '#platform/clock';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { AppError, type FieldError } from '#platform/errors';
import {
  lockSettings,
  readStoredSettings,
  type StoredSetting,
  settingsTopic,
  storeSetting,
} from '#platform/settings';
import type { OperationsScope } from './scope.ts';

/** One version for all settings. It rises with every change. */
export interface VersionedConfig {
  readonly config: MonitoringConfig;
  readonly version: number;
}

/**
 * The caller as a member of the installation's first organization, which owns the settings. @throws forbidden to other
 * tenants
 */
function requireHouse({ house, installation }: OperationsScope): Scope {
  if (house === null || !installation)
    throw new AppError(
      'forbidden',
      'The settings belong to the installation; only its first organization can see them.',
    );
  requirePermission(house, 'read');
  return house;
}

export async function readMonitoringConfig(ctx: Ctx, caller: OperationsScope): Promise<VersionedConfig> {
  const house = requireHouse(caller);
  // A system transaction, because the settings belong to no tenant.
  const stored = await ctx.db.system(readStoredSettings);
  return view(ctx, house, stored);
}

function view(ctx: Ctx, house: Scope, stored: readonly StoredSetting[]): VersionedConfig {
  const settings = monitoringNames.map((name) =>
    toSetting(
      ctx,
      name,
      stored.find((one) => one.name === name),
    ),
  );
  return {
    config: { settings, editable: house.permissions.has('organization:write') },
    version: stored.reduce((sum, one) => sum + one.version, 0),
  };
}

function toSetting(ctx: Ctx, name: MonitoringName, stored: StoredSetting | undefined): MonitoringSetting {
  const { env, group, title, unit, min, max, integer = false }: Declared = monitoringSettings[name];
  const given = ctx.settings.base.given.has(name);
  const environmentValue = readSetting(ctx.settings.base, name);
  const set = stored !== undefined && stored.value !== null ? stored : undefined;
  const fallback = given ? `from the environment (${env})` : 'the default';
  return {
    name,
    variable: env,
    group,
    title,
    unit,
    value: set?.value ?? environmentValue,
    environment_value: environmentValue,
    min,
    max,
    integer,
    source: set !== undefined ? 'set' : given ? 'environment' : 'default',
    set_at: set?.set_at.toISOString() ?? null,
    set_by: set?.set_by ?? null,
    origin:
      set === undefined
        ? fallback
        : `set by ${set.set_by} at ${set.set_at.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
  };
}

/**
 * Changes the named settings in one transaction with its audit, and notifies every process. Other settings stay; null
 * sets one back to the environment. @throws validation_failed, precondition_failed
 */
export async function changeMonitoringConfig(
  ctx: Ctx,
  caller: OperationsScope,
  change: MonitoringChange,
  requireVersion: (version: number) => void,
): Promise<VersionedConfig> {
  const house = requireHouse(caller);
  requirePermission(house, 'organization:write');
  const wanted = parseChange(change);
  await ctx.db.system(async (tx) => {
    const before = await lockStored(tx);
    requireVersion(before.reduce((sum, one) => sum + one.version, 0));
    await apply(ctx, tx, house, before, wanted);
  });
  // Other processes are notified. This one reloads now, because its answer needs the new values.
  await ctx.settings.reload();
  return view(ctx, house, await ctx.db.system(readStoredSettings));
}

async function lockStored(tx: Tx): Promise<StoredSetting[]> {
  await lockSettings(tx);
  return await readStoredSettings(tx);
}

async function apply(
  ctx: Ctx,
  tx: Tx,
  house: Scope,
  before: readonly StoredSetting[],
  wanted: ReadonlyMap<MonitoringName, number | null>,
): Promise<void> {
  const at = nowDate(ctx.clock);
  const storedValue = (name: MonitoringName) => before.find((one) => one.name === name)?.value ?? null;
  const changes = [...wanted].filter(([name, value]) => storedValue(name) !== value);
  if (changes.length === 0) return;
  for (const [name, value] of changes) await storeSetting(tx, { name, value, at, by: house.caller.name });
  const inForce = (value: number | null, name: MonitoringName) =>
    value ?? readSetting(ctx.settings.base, name);
  await audit(tx, house, {
    action: 'monitoring.configured',
    target: { kind: 'monitoring', id: 'settings', name: 'Monitoring settings' },
    before: Object.fromEntries(changes.map(([name]) => [name, inForce(storedValue(name), name)])),
    after: Object.fromEntries(changes.map(([name, value]) => [name, inForce(value, name)])),
  });
  await ctx.live.publish(tx, { organizationId: house.organizationId, topic: settingsTopic, ids: [] });
}

/** @throws validation_failed that lists all mistakes */
function parseChange(change: MonitoringChange): Map<MonitoringName, number | null> {
  const wanted = new Map<MonitoringName, number | null>();
  const errors: FieldError[] = [];
  for (const name of monitoringNames) {
    const given = change[name];
    if (given === undefined) continue;
    const value = given === null ? null : typeof given === 'number' ? given : durationSeconds(given);
    const mistake = value === null ? undefined : mistakeIn(name, value);
    if (mistake !== undefined) errors.push({ field: name, message: mistake });
    else wanted.set(name, value);
  }
  const [first] = errors;
  if (first !== undefined)
    throw new AppError('validation_failed', `${first.field}: ${first.message}.`, { errors });
  return wanted;
}
