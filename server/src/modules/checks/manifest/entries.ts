import { keptSecret } from '@watchkeeper/contracts/vocabulary';
import { duplicateSlugs } from '#modules/inventory';
import { AppError, invalidFields } from '#platform/errors';
import type { KindConfig } from '#platform/kinds/registry';
import { redactConfig } from '#platform/kinds/secrets';
import type { CheckKind } from '../kind.ts';

/** Stands in a plan for a secret that the file changes. */
const newSecret = `${keptSecret} (new)`;

/** A config as a plan and a file show it: of a secret only whether it is there, and whether it changes. */
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

/** @throws validation_failed: a slug that stands in the file twice would be two truths. */
export function refuseDoubles(entries: readonly { slug: string }[], field: string): void {
  const errors = duplicateSlugs(entries, field);
  if (errors.length > 0) throw invalidFields(errors);
}

/** Mistakes inside one entry are told with the entry's place in the file. */
export async function inField<T>(prefix: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.errors.length === 0) throw error;
    const errors = error.errors.map(({ field, message }) => ({ field: `${prefix}.${field}`, message }));
    throw new AppError(error.code, `${prefix}.${error.message}`, { errors });
  }
}
