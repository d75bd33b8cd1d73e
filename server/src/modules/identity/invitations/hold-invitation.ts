import type { Tx } from '#platform/db/database';
import { wordStands } from '../word-stands.ts';
import { type InvitationRow, lockInvitationByHash } from './store.ts';

/** By its link, locked; undefined when it ended, or when its maker may not invite any more. */
export async function holdInvitation(tx: Tx, hash: Buffer, now: Date): Promise<InvitationRow | undefined> {
  const invitation = await lockInvitationByHash(tx, hash, now);
  if (invitation === undefined) return undefined;
  const stands = await wordStands(tx, invitation.organization_id, invitation, invitation.role, now);
  return stands ? invitation : undefined;
}
