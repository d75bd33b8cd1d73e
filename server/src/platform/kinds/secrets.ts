import { keptSecret } from '@watchkeeper/contracts/vocabulary';
import type { Vault } from '../vault.ts';
import type { Kind, KindConfig } from './registry.ts';

type Sealed = Pick<Kind, 'secrets'>;

/** A config as stored in the database: the secrets are separate and encrypted. */
export interface StoredConfig {
  readonly config: KindConfig;
  readonly secrets: string | null;
}

export function sealConfig(kind: Sealed, config: KindConfig, vault: Vault): StoredConfig {
  const isSecret = (name: string) => kind.secrets?.includes(name) === true;
  const entries = Object.entries(config);
  const secret = entries.filter(([name]) => isSecret(name));
  return {
    config: Object.fromEntries(entries.filter(([name]) => !isSecret(name))),
    secrets: secret.length === 0 ? null : vault.seal(JSON.stringify(Object.fromEntries(secret))),
  };
}

/** The whole config in the form of the kind. @throws when it was encrypted under another key. */
export function openConfig(stored: StoredConfig, vault: Vault): KindConfig {
  if (stored.secrets === null) return stored.config;
  return { ...stored.config, ...JSON.parse(vault.open(stored.secrets)) };
}

/** For the person who can correct it. */
export const sealedElsewhere = 'Its secrets were sealed under another key: enter them again.';

/** The same; undefined when it was encrypted under another key. */
export function findConfig(stored: StoredConfig, vault: Vault): KindConfig | undefined {
  try {
    return openConfig(stored, vault);
  } catch {
    return undefined;
  }
}

/** The same, for a change. Secrets encrypted under another key count as missing and must be entered again. */
export function openForChange(stored: StoredConfig, vault: Vault): KindConfig {
  return findConfig(stored, vault) ?? stored.config;
}

/** The part that may be returned, logged and audited. */
export function redactConfig(kind: Sealed | undefined, config: KindConfig): Record<string, unknown> {
  const shown: Record<string, unknown> = { ...config };
  for (const name of kind?.secrets ?? []) if (shown[name] !== undefined) shown[name] = keptSecret;
  return shown;
}

/** Secrets are write-only: when they are not sent, or sent back as they were returned, they stay. */
export function keepSecrets(kind: Sealed, next: KindConfig, before: KindConfig): KindConfig {
  const merged: Record<string, unknown> = { ...next };
  for (const name of kind.secrets ?? []) {
    if (!isKept(merged[name])) continue;
    delete merged[name];
    if (before[name] !== undefined) merged[name] = before[name];
  }
  return merged;
}

/** Whether a change keeps this secret. */
export function isKept(value: unknown): boolean {
  return value === undefined || value === keptSecret;
}
