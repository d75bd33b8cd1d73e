import { keptSecret } from '@watchkeeper/contracts/vocabulary';
import type { Vault } from '#platform/vault';
import type { ChannelKind } from '../kind.ts';
import type { ChannelConfig } from '../registry.ts';

/** How a channel's settings lie in the database: secrets apart and sealed. */
export interface StoredSettings {
  readonly config: ChannelConfig;
  readonly secrets: string | null;
}

export function sealSettings(kind: ChannelKind, config: ChannelConfig, vault: Vault): StoredSettings {
  const open: Record<string, unknown> = {};
  const secret: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(config)) (isSecret(kind, name) ? secret : open)[name] = value;
  return {
    config: open,
    secrets: Object.keys(secret).length === 0 ? null : vault.seal(JSON.stringify(secret)),
  };
}

/** The whole config as the kind takes it. @throws when it was sealed under another key. */
export function openSettings(stored: StoredSettings, vault: Vault): ChannelConfig {
  if (stored.secrets === null) return stored.config;
  return { ...stored.config, ...JSON.parse(vault.open(stored.secrets)) };
}

/** What may be answered, logged and audited. */
export function redactSettings(kind: ChannelKind, config: ChannelConfig): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, isSecret(kind, name) ? keptSecret : value]),
  );
}

/** Secrets are write-only: left out, or sent back as they were answered, they stay what they are. */
export function keepSecrets(kind: ChannelKind, next: ChannelConfig, before: ChannelConfig): ChannelConfig {
  const merged: Record<string, unknown> = { ...next };
  for (const name of kind.secrets) {
    if (merged[name] !== undefined && merged[name] !== keptSecret) continue;
    delete merged[name];
    if (before[name] !== undefined) merged[name] = before[name];
  }
  return merged;
}

/** Fills in secrets that the kind can make and the caller left out. */
export function generateSecrets(
  kind: ChannelKind,
  config: ChannelConfig,
): { config: ChannelConfig; made: Record<string, string> } {
  const made: Record<string, string> = {};
  for (const [name, make] of Object.entries(kind.generate)) {
    if (make !== undefined && config[name] === undefined) made[name] = make();
  }
  return { config: { ...config, ...made }, made };
}

function isSecret(kind: ChannelKind, name: string): boolean {
  return (kind.secrets as readonly string[]).includes(name);
}
