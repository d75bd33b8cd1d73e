import type { Scope } from '#modules/identity';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import type { House } from '#platform/module';
import { definePart } from '#platform/parts';
import type { ChannelRow } from './store.ts';

/** In the transaction that renames the channel. */
export interface RenameWork {
  readonly ctx: Pick<Ctx, 'clock' | 'events' | 'live' | 'parts'>;
  readonly tx: Tx;
  readonly scope: Scope;
}

export type ChannelRenamed = (work: RenameWork, before: ChannelRow, to: string) => Promise<void>;

declare module '#platform/module' {
  interface Module {
    /** For a module, a floor above, whose rows name channels by their names. */
    readonly channelRenamed?: ChannelRenamed;
  }
}

const followersPart = definePart<readonly ChannelRenamed[]>('delivery.channel_renamed');

export function keepRenameFollowers(ctx: Pick<Ctx, 'parts'>, house: House): void {
  ctx.parts.put(
    followersPart,
    house.flatMap(({ channelRenamed }) => channelRenamed ?? []),
  );
}

export async function tellOfRename(work: RenameWork, before: ChannelRow, to: string): Promise<void> {
  if (before.name === to) return;
  for (const follow of work.ctx.parts.get(followersPart)) await follow(work, before, to);
}
