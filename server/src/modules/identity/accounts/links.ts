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

/** A secret that goes out in a link, and what is kept of it. */
export interface FreshLink {
  readonly hash: Buffer;
  readonly now: Date;
  readonly expiresAt: Date;
  readonly view: PasswordLink;
}

/** A link that makes the first owner. Each boot has its own; they all end with the first that is used. */
export async function issueSetupLink(ctx: LinkCtx, tx: Tx): Promise<PasswordLink> {
  const link = fresh(ctx, 'setup', linkHours);
  await insertLink(tx, { ...link, userId: null, organizationId: null });
  return link.view;
}

/** A link by which one person chooses a password, on the word of an organization; earlier ones stop working. */
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

/** A link by which one person chooses a password, made at the machine itself; earlier ones stop working. */
export async function issueOperatorLink(ctx: LinkCtx, tx: Tx, userId: string): Promise<PasswordLink> {
  await deleteLinksOf(tx, userId);
  const link = fresh(ctx, 'set-password', linkHours);
  await insertLink(tx, { ...link, userId, organizationId: null, byOperator: true });
  return link.view;
}

/** The link of an invitation: the caller keeps its hash with it. */
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
