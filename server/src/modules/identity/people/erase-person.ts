import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { AppError } from '#platform/errors';
import type { House } from '#platform/module';
import { type StillThere, searchPerson } from '#platform/personal-search';
import type { Person } from '#platform/privacy';
import { audit } from '../audit/audit.ts';
import { operatorScope } from './operator.ts';
import { findPerson, lockMemberships } from './store.ts';

const aliasBytes = 4;

export interface ErasedPerson {
  /** Stands in the person's place in the audit and in timelines. */
  readonly alias: string;
  /** Rows that were deleted or changed, by module. */
  readonly changed: Readonly<Record<string, number>>;
  /** Where the address or the full name still stands: texts that no module declares. */
  readonly left: readonly StillThere[];
}

/**
 * Erases a person from the whole database, in one transaction. There is no caller to authorize: the operator who runs
 * the command controls the database.
 * @returns undefined when nothing is kept
 * @throws conflict: the last owner of an organization, or what a module says must be done first
 */
export async function erasePerson(
  ctx: Pick<Ctx, 'db' | 'live'>,
  house: House,
  address: string,
): Promise<ErasedPerson | undefined> {
  // Across tenants: a person may belong to several organizations, or to none.
  return await ctx.db.system(async (tx) => {
    // As the owner of the schema: the audit cannot be changed by the role that the server works as.
    await sql`set local role none`.execute(tx);
    const person = await findPerson(tx, address);
    const memberships = await lockMemberships(tx, person);
    const alone = memberships.filter(({ lastOwner }) => lastOwner).map(({ slug }) => slug);
    if (alone.length > 0) throw lastOwner(alone);
    const alias = `erased-${randomBytes(aliasBytes).toString('hex')}`;
    const changed = await eraseEverywhere(tx, house, person, alias);
    const left = await searchPerson(tx, person);
    if (Object.keys(changed).length === 0 && left.length === 0) return undefined;
    await audit(tx, operatorScope, {
      action: 'person.erased',
      target: { kind: 'person', id: alias, name: alias },
      after: changed,
    });
    for (const { organizationId } of memberships)
      await ctx.live.publish(tx, { organizationId, topic: 'member', ids: person.ids });
    return { alias, changed, left };
  });
}

/** Floor by floor, as the lock order asks for. */
async function eraseEverywhere(
  tx: Tx,
  house: House,
  person: Person,
  alias: string,
): Promise<Record<string, number>> {
  const changed: Record<string, number> = {};
  for (const { name, privacy = [] } of house)
    for (const data of privacy) {
      const rows = await data.erase(tx, person, alias);
      if (rows > 0) changed[name] = (changed[name] ?? 0) + rows;
    }
  return changed;
}

function lastOwner(slugs: readonly string[]): AppError {
  const which = slugs.map((slug) => `"${slug}"`).join(', ');
  return new AppError(
    'conflict',
    `This person is the last owner of ${which}. First make another member an owner: Settings, Members.`,
  );
}
