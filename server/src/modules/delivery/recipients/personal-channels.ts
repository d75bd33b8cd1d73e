import { sql } from 'kysely';
import { organizationRows } from '#modules/identity';
import type { Tx } from '#platform/db/database';
import { AppError } from '#platform/errors';
import { exportRowsMax, type Person, type PersonalData } from '#platform/privacy';
import { toJson } from '#platform/storable';

interface ChannelRow {
  readonly id: string;
  readonly organization: string;
  readonly kind: string;
  readonly name: string;
  /** Who says what it is, if that is not the console or the API. */
  readonly managedBy: string | null;
  readonly config: Readonly<Record<string, unknown>>;
}

/** Addresses of people in the lists of channels, such as the recipients of an e-mail channel. */
export const personalChannels: PersonalData = {
  fields: [{ column: 'channels.config', what: 'addresses that a channel sends to' }],
  async export(tx, person) {
    const rows = await selectChannelsOf(tx, person);
    return {
      table: 'channels',
      rows: rows.slice(0, exportRowsMax),
      truncated: rows.length > exportRowsMax,
    };
  },
  async erase(tx, person) {
    const rows = await selectChannelsOf(tx, person);
    const fixed = rows.filter(({ managedBy }) => managedBy !== null);
    if (fixed.length > 0) throw setElsewhere(fixed);
    const without = rows.map((row) => ({ row, config: withoutAddress(row.config, person.email) }));
    const alone = without.filter(({ config }) => config === undefined).map(({ row }) => row);
    if (alone.length > 0) throw sendsOnlyTo(alone);
    for (const { row, config } of without)
      await sql`
        update channels set config = ${toJson(config)}::jsonb, version = version + 1 where id = ${row.id}`.execute(
        tx,
      );
    return rows.length;
  },
};

async function selectChannelsOf(tx: Tx, { email }: Person): Promise<ChannelRow[]> {
  const { rows } = await sql<ChannelRow>`
    select c.id, o.slug as organization, c.kind, c.name, c.managed_by as "managedBy", c.config
    from channels c join ${organizationRows} o on o.id = c.organization_id
    where position(${email} in lower(c.config::text)) > 0 limit ${exportRowsMax + 1}`.execute(tx);
  return rows.filter(({ config }) => holds(config, email));
}

function holds(value: unknown, email: string): boolean {
  if (typeof value === 'string') return value.toLowerCase() === email;
  return typeof value === 'object' && value !== null && Object.values(value).some((one) => holds(one, email));
}

/** The lists without the address; undefined where a list would be empty, or the address stands alone in a field. */
export function withoutAddress(
  config: Readonly<Record<string, unknown>>,
  email: string,
): Record<string, unknown> | undefined {
  const left: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(config)) {
    const kept = Array.isArray(value) ? value.filter((one) => !holds(one, email)) : value;
    if (
      holds(kept, email) ||
      (Array.isArray(kept) && Array.isArray(value) && kept.length === 0 && value.length > 0)
    )
      return undefined;
    left[name] = kept;
  }
  return left;
}

function sendsOnlyTo(channels: readonly ChannelRow[]): AppError {
  return new AppError(
    'conflict',
    `These channels send only to this address: ${namesOf(channels)}. First change or delete them: Settings, Channels.`,
  );
}

function setElsewhere(channels: readonly ChannelRow[]): AppError {
  return new AppError(
    'conflict',
    `These channels have this address from a variable of the server: ${namesOf(channels)}. First take it out there, and start the server again.`,
  );
}

function namesOf(channels: readonly ChannelRow[]): string {
  return channels.map(({ name, organization }) => `"${name}" of "${organization}"`).join(', ');
}
