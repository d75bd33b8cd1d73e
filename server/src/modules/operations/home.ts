import { findOrganization } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';

/** The source of measurements of the whole installation, whichever process made them. */
export const installationSource = 'watchkeeper';
/** The source prefix of measurements of one host. The host's name follows. */
export const ownSourcePrefix = 'watchkeeper@';

export function isOwnSource(source: string): boolean {
  return source === installationSource || source.startsWith(ownSourcePrefix);
}

/** The installation's first organization, which holds its measurements. */
export async function findHome(ctx: Pick<Ctx, 'config'>, tx: Tx): Promise<string | undefined> {
  return (await findOrganization(tx, ctx.config.bootstrap.organizationSlug))?.id;
}
