import { DeviceSlug } from '@watchkeeper/contracts';
import { Value } from 'typebox/value';
import { systemScope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import { AppError } from '#platform/errors';
import { definePart } from '#platform/parts';
import { createCheck } from '../save-check.ts';
import { type Applier, createApplier } from './applier.ts';
import { createPingDirectory, type PingTarget, slugKey } from './directory.ts';
import type { KeyOwner } from './directory-store.ts';
import { createPingIntake, type PingIntake } from './intake.ts';

/** The config that Healthchecks gives to a check that is created by its first ping by slug. */
const createdConfig = { period: 86_400, grace: 3_600 };

export interface Pings extends AsyncDisposable {
  readonly intake: PingIntake;
  readonly applier: Applier;
}

const pingsPart = definePart<Pings>('checks.pings');

export function startPings(ctx: Ctx): Pings {
  const applier = createApplier(ctx);
  const intake = createPingIntake(ctx, createPingDirectory(ctx), () => applier.nudge());
  return ctx.parts.put(pingsPart, {
    intake,
    applier,
    async [Symbol.asyncDispose]() {
      await intake[Symbol.asyncDispose]();
      await applier[Symbol.asyncDispose]();
    },
  });
}

/** @throws when the module was not started for this app. */
export function pingsOf(ctx: Pick<Ctx, 'parts'>): Pings {
  return ctx.parts.get(pingsPart);
}

/**
 * Returns the check with this slug, and creates it if there is none. For callers with a ping key of the organization.
 * @throws already_exists when a check of another kind has the slug; validation_failed
 */
export async function createPingCheck(
  ctx: Ctx,
  owner: KeyOwner,
  key: string,
  slug: string,
): Promise<{ readonly target: PingTarget; readonly created: boolean }> {
  if (!Value.Check(DeviceSlug, slug))
    throw new AppError('validation_failed', 'The slug must begin and end with a letter or digit.');
  const { directory } = pingsOf(ctx).intake;
  const scope = systemScope(owner.organization_id, owner.organization_slug, `ping key "${owner.name}"`);
  let created = true;
  try {
    await createCheck(ctx, scope, { slug, kind: 'ping', config: createdConfig });
  } catch (error) {
    // Another first ping was faster, or a check of another kind has the slug: the lookup below decides.
    if (!(error instanceof AppError && error.code === 'already_exists')) throw error;
    created = false;
  }
  directory.forget([]);
  const target = await directory.bySlug.find(slugKey(key, slug), { key, slug });
  if (target === null) throw new AppError('already_exists', `"${slug}" is another kind of check.`);
  return { target, created };
}
