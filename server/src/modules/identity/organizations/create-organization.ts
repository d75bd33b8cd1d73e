import type { Organization } from '@watchkeeper/contracts/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { AppError, invalidField } from '#platform/errors';
import { isId, newId } from '#platform/ids';
import type { OrganizationSeed } from '#platform/module';
import { audit } from '../audit/audit.ts';
import type { ProviderScope } from '../scope.ts';
import { organizationSeeds } from '../seeds.ts';
import { insertOrganization, type OrganizationRow } from './store.ts';
import { toOrganization } from './view.ts';

/** Paths under /api/v1/ that are not organizations. */
const reservedSlugs = new Set(['orgs', 'badges', 'channels', 'checks', 'endpoints', 'status']);

export async function createOrganization(
  ctx: Ctx,
  scope: ProviderScope,
  input: { slug: string; name: string },
): Promise<Organization> {
  if (scope.permissions?.has('organization:write') !== true) {
    throw new AppError(
      'forbidden',
      'Only a credential of provider scope with "organization:write" creates organizations.',
    );
  }
  // A system transaction: the new organization does not exist yet.
  const row = await ctx.db.system((tx) => addOrganization(ctx, tx, scope, input, organizationSeeds(ctx)));
  if (row === undefined)
    throw new AppError('already_exists', `There is already an organization "${input.slug}".`);
  return toOrganization(row);
}

/**
 * Inside the caller's system transaction, with the seeds of every organization; undefined when the slug is
 * taken.
 * @throws validation_failed
 */
export async function addOrganization(
  ctx: Ctx,
  tx: Tx,
  scope: Pick<ProviderScope, 'caller' | 'requestId' | 'ip'>,
  input: { slug: string; name: string },
  seeds: readonly OrganizationSeed[],
): Promise<OrganizationRow | undefined> {
  if (reservedSlugs.has(input.slug))
    throw invalidField('slug', `"${input.slug}" is part of a path; choose another`);
  if (isId(input.slug)) throw invalidField('slug', 'must not look like an id');
  const row = await insertOrganization(tx, { id: newId(), ...input, now: new Date(ctx.clock.now()) });
  if (row === undefined) return undefined;
  await audit(
    tx,
    { ...scope, organizationId: row.id },
    {
      action: 'organization.created',
      target: { kind: 'organization', id: row.id, name: row.slug },
      after: { slug: row.slug, name: row.name },
    },
  );
  for (const seed of seeds) await seed(ctx, tx, { id: row.id, slug: row.slug });
  return row;
}
