import { keptSecret } from '@watchkeeper/contracts/vocabulary';
import { duplicateSlugs } from '#modules/inventory';
import { AppError, invalidFields } from '#platform/errors';
import type { KindConfig } from '#platform/kinds/registry';
import { redactConfig } from '#platform/kinds/secrets';
import type { CheckKind } from '../kind.ts';

/** Shown in a plan for a secret that the file changes. */
const newSecret = `${keptSecret} (new)`;

/** A config as plans and files show it. Of a secret, only whether it exists and whether it changes. */
export function shownConfig(
  kind: Pick<CheckKind, 'secrets'> | undefined,
  config: KindConfig,
  before: KindConfig,
): Record<string, unknown> {
  const shown = redactConfig(kind, config);
  for (const name of kind?.secrets ?? [])
    if (JSON.stringify(config[name]) !== JSON.stringify(before[name])) shown[name] = newSecret;
  return shown;
}

/** @throws validation_failed when a slug appears twice in the file: it would not be clear which entry counts. */
export function refuseDoubles(entries: readonly { slug: string }[], field: string): void {
  const errors = duplicateSlugs(entries, field);
  if (errors.length > 0) throw invalidFields(errors);
}

/** Adds the entry's place in the file to errors inside the entry. */
export async function inField<T>(prefix: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.errors.length === 0) throw error;
    const errors = error.errors.map(({ field, message }) => ({ field: `${prefix}.${field}`, message }));
    throw new AppError(error.code, `${prefix}.${error.message}`, { errors });
  }
}
