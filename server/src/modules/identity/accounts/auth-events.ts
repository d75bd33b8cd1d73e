import type { Ctx } from '#platform/context';
import { audit } from '../audit/audit.ts';
import type { RequestMarks } from '../principal.ts';
import type { Caller } from '../scope.ts';
import { selectUserWithMemberships } from './store.ts';

/** More organizations than one person really belongs to. */
const organizationsMax = 50;

/** Sign-in events. A refusal is always recorded as a refusal, whoever made the request. */
export type AuthAction =
  | 'session.started'
  | 'session.refused'
  | 'session.ended'
  | 'token.issued'
  | 'token.refused'
  | 'password.changed'
  | 'password.change_refused'
  | 'password.chosen';

export interface AuthEvent {
  readonly action: AuthAction;
  readonly account: { readonly id: string; readonly email: string; readonly name: string };
  /** true: the person acted. false: somebody tried in their name. */
  readonly proven: boolean;
  readonly marks: RequestMarks;
}

/** Into the audit of every organization that the account belongs to (else the installation's), and into the log. */
export async function recordAuth(ctx: Pick<Ctx, 'db' | 'log'>, event: AuthEvent): Promise<void> {
  const { action, account, marks } = event;
  logAuth(ctx, action, account.email, marks);
  const caller: Caller = event.proven
    ? { kind: 'user', id: account.id, name: account.name }
    : { kind: 'system', id: 'sign-in', name: 'Somebody at the door' };
  // A system transaction: an account belongs to no organization, or to several.
  await ctx.db.system(async (tx) => {
    const rows = await selectUserWithMemberships(tx, account.id);
    const organizations = rows.slice(0, organizationsMax).map((row) => row.organization_id);
    for (const organizationId of new Set(organizations)) {
      await audit(
        tx,
        { ...marks, organizationId, caller },
        { action, target: { kind: 'account', id: account.id, name: account.email } },
      );
    }
  });
}

/** To the log only: an address without an account belongs to no organization, and so to no audit. */
export function logAuth(ctx: Pick<Ctx, 'log'>, action: AuthAction, email: string, marks: RequestMarks): void {
  const line = { action, account: email.slice(0, 254), peer: marks.ip, request_id: marks.requestId };
  if (action.endsWith('refused')) ctx.log.warn(line, 'authentication refused');
  else ctx.log.info(line, 'authentication');
}
