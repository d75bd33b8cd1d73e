import { sql } from 'kysely';
import type { Config } from '#config';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import type { ChannelKind } from '../kind.ts';
import { channelKinds } from '../registry.ts';

/**
 * Kinds that some process of the install can send. A process with a smaller environment (cron, a second
 * server) leaves what it cannot send to the others and never closes it.
 */
export type Support = ReadonlySet<string>;

export async function readSupport(ctx: Pick<Ctx, 'db' | 'config'>): Promise<Support> {
  // Across tenants: the environment belongs to the install.
  const { rows } = await ctx.db.system((tx) =>
    sql<{ kind: string }>`select distinct unnest(kinds) as kind from environment_declarations`.execute(tx),
  );
  return new Set([...rows.map((row) => row.kind), ...supportedKinds(ctx.config)]);
}

/** Kinds that this process can send itself. */
export function supportedKinds(config: Pick<Config, 'email'>): string[] {
  return channelKinds.all.filter((kind) => kind.unavailable?.(config) === undefined).map((kind) => kind.kind);
}

/** Why nobody in the install can send on this kind; undefined when somebody can. */
export function unsupportedReason(
  kind: ChannelKind,
  config: Pick<Config, 'email'>,
  support: Support,
): string | undefined {
  return support.has(kind.kind) ? undefined : kind.unavailable?.(config);
}

export interface Declaration {
  readonly role: string;
  /** `environment_key`s of the channels that the role's variables name. */
  readonly channels: readonly string[];
}

export async function readDeclarations(tx: Tx): Promise<Declaration[]> {
  const { rows } = await sql<Declaration>`select role, channels from environment_declarations`.execute(tx);
  return rows;
}

export async function declare(
  tx: Tx,
  role: string,
  declared: { channels: readonly string[]; kinds: readonly string[] },
): Promise<void> {
  await sql`
    insert into environment_declarations (role, channels, kinds)
    values (${role}, ${[...declared.channels]}, ${[...declared.kinds]})
    on conflict (role) do update set channels = excluded.channels, kinds = excluded.kinds, declared_at = now()`.execute(
    tx,
  );
}

/** For `watchkeeper channels sync`: earlier declarations of all roles end. */
export async function forgetDeclarations(tx: Tx): Promise<void> {
  await sql`delete from environment_declarations`.execute(tx);
}
