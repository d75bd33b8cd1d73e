import type { Severity } from '@watchkeeper/contracts';
import type { ChannelRouting } from '@watchkeeper/contracts/routing';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import type { Recipient } from '../kind.ts';
import { closedReason, openChannel } from './open-channel.ts';
import { selectChannels } from './store.ts';
import type { Support } from './support.ts';

/** A channel for planning: its recipients, and whether it can send at the moment. */
export interface Reach {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly minSeverity: Severity;
  readonly escalationOnly: boolean;
  /** Of which openings it is told, and when; see `leftOut`. null: of all. */
  readonly routing: ChannelRouting | null;
  /** Why nothing can be sent on it: switched off, or the install lacks what it needs. */
  readonly closedReason: string | undefined;
  readonly recipients: readonly Recipient[];
}

/** All channels of the organization, in the order in which they are told. */
export async function readReach(
  ctx: Pick<Ctx, 'config' | 'vault'>,
  tx: Tx,
  organizationId: string,
  support: Support,
): Promise<Reach[]> {
  const rows = await selectChannels(tx, organizationId);
  return rows.map((row) => {
    const opened = openChannel(row, ctx.vault);
    const reach = {
      id: row.id,
      kind: row.kind,
      name: row.name,
      minSeverity: row.min_severity,
      escalationOnly: row.escalation_only,
      routing: row.routing,
    };
    // A channel that cannot be opened has no known recipients. The ledger still gets a row with the reason.
    if (opened.kind === undefined)
      return { ...reach, closedReason: opened.reason, recipients: [{ label: '', identity: row.id }] };
    return {
      ...reach,
      closedReason: closedReason(row, opened.kind, ctx.config, support),
      recipients: opened.kind.recipients(opened.config),
    };
  });
}
