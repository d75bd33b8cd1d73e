import { checkSettingDefaults, keptCheckSecret } from '@watchkeeper/contracts/checks';
import type { Vault } from '#platform/vault';
import type { CheckConfigValues, CheckKind } from './kind.ts';

/** Where neither the check nor its device's type says otherwise. */
export const settingDefaults = checkSettingDefaults;

export const intervalSecondsMin = 1;
export const intervalSecondsMax = 604_800;
export const timeoutSecondsMin = 0.05;
export const timeoutSecondsMax = 300;

/** How a check's config lies in the database: secrets apart and sealed. */
export interface StoredConfig {
  readonly config: CheckConfigValues;
  readonly secrets: string | null;
}

export function sealConfig(
  kind: Pick<CheckKind, 'secrets'>,
  config: CheckConfigValues,
  vault: Vault,
): StoredConfig {
  const isSecret = (name: string) => (kind.secrets as readonly string[]).includes(name);
  const entries = Object.entries(config);
  const secret = entries.filter(([name]) => isSecret(name));
  return {
    config: Object.fromEntries(entries.filter(([name]) => !isSecret(name))),
    secrets: secret.length === 0 ? null : vault.seal(JSON.stringify(Object.fromEntries(secret))),
  };
}

/** The whole config as the kind takes it. @throws when it was sealed under another key. */
export function openConfig(stored: StoredConfig, vault: Vault): CheckConfigValues {
  if (stored.secrets === null) return stored.config;
  return { ...stored.config, ...JSON.parse(vault.open(stored.secrets)) };
}

/** What may be answered, logged and audited. */
export function redactConfig(
  kind: Pick<CheckKind, 'secrets'> | undefined,
  config: CheckConfigValues,
): Record<string, unknown> {
  const shown: Record<string, unknown> = { ...config };
  for (const name of kind?.secrets ?? []) if (shown[name] !== undefined) shown[name] = keptCheckSecret;
  return shown;
}

/** Secrets are write-only: left out, or sent back as they were answered, they stay what they are. */
export function keepSecrets(
  kind: Pick<CheckKind, 'secrets'>,
  next: CheckConfigValues,
  before: CheckConfigValues,
): CheckConfigValues {
  const merged: Record<string, unknown> = { ...next };
  for (const name of kind.secrets) {
    if (merged[name] !== undefined && merged[name] !== keptCheckSecret) continue;
    delete merged[name];
    if (before[name] !== undefined) merged[name] = before[name];
  }
  return merged;
}
