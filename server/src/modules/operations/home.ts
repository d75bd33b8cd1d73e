import { findOrganization } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';

/** Of the installation as a whole, whichever process measured it. */
export const installationSource = 'watchkeeper';
/** Of one host of it: its name follows. */
export const ownSourcePrefix = 'watchkeeper@';

export function isOwnSource(source: string): boolean {
  return source === installationSource || source.startsWith(ownSourcePrefix);
}

/** The installation's first organization: its measurements are kept there. */
export async function findHome(ctx: Pick<Ctx, 'config'>, tx: Tx): Promise<string | undefined> {
  return (await findOrganization(tx, ctx.config.bootstrap.organizationSlug))?.id;
}
