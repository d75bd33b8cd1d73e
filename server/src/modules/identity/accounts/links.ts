import type { PasswordLink } from '@watchkeeper/contracts/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { hashSecret, newSecret } from '#platform/ids';
import { makerOf, type Scope } from '../scope.ts';
import { deleteLinksOf, insertLink } from './store.ts';

/** Long enough to reach a person by mail on the next working day. */
const linkHours = 24;
/** An invitation may lie over a weekend and a holiday. */
const invitationHours = 7 * 24;

type LinkCtx = Pick<Ctx, 'clock' | 'config'>;

/** A secret for a link, and the hash that we store. */
export interface FreshLink {
  readonly hash: Buffer;
  readonly now: Date;
  readonly expiresAt: Date;
  readonly view: PasswordLink;
}

/** A link that creates the first owner. Each start makes its own; all end when one of them is used. */
export async function issueSetupLink(ctx: LinkCtx, tx: Tx): Promise<PasswordLink> {
  const link = fresh(ctx, 'setup', linkHours);
  await insertLink(tx, { ...link, userId: null, organizationId: null });
  return link.view;
}

/** A link to choose a password, made by an organization. Earlier links of the person stop working. */
export async function issuePasswordLink(
  ctx: LinkCtx,
  tx: Tx,
  userId: string,
  scope: Scope,
): Promise<PasswordLink> {
  await deleteLinksOf(tx, userId);
  const link = fresh(ctx, 'set-password', linkHours);
  await insertLink(tx, { ...link, userId, organizationId: scope.organizationId, maker: makerOf(scope) });
  return link.view;
}

/** A link to choose a password, made on the server itself. Earlier links of the person stop working. */
export async function issueOperatorLink(ctx: LinkCtx, tx: Tx, userId: string): Promise<PasswordLink> {
  await deleteLinksOf(tx, userId);
  const link = fresh(ctx, 'set-password', linkHours);
  await insertLink(tx, { ...link, userId, organizationId: null, byOperator: true });
  return link.view;
}

/** The link of an invitation; the caller stores its hash with the invitation. */
export function freshInvitationLink(ctx: LinkCtx): FreshLink {
  return fresh(ctx, 'set-password', invitationHours);
}

function fresh(ctx: LinkCtx, page: string, hours: number): FreshLink {
  const token = newSecret('');
  const now = ctx.clock.now();
  const expiresAt = new Date(now + hours * 3_600_000);
  return {
    hash: hashSecret(token),
    now: new Date(now),
    expiresAt,
    view: {
      url: `${ctx.config.http.publicUrl}/${page}?token=${token}`,
      expires_at: expiresAt.toISOString(),
    },
  };
}
