import type { KindConfig } from '#platform/kinds/registry';
import type { ChannelKind } from '../kind.ts';

/** Fills in secrets that the kind can make and the caller left out. */
export function generateSecrets(
  kind: ChannelKind,
  config: KindConfig,
): { config: KindConfig; made: Record<string, string> } {
  const made: Record<string, string> = {};
  for (const [name, make] of Object.entries(kind.generate)) {
    if (make !== undefined && config[name] === undefined) made[name] = make();
  }
  return { config: { ...config, ...made }, made };
}
