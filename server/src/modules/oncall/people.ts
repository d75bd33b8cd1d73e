import type { OnCallPerson } from '@watchkeeper/contracts';
import { listMemberNames } from '#modules/identity';
import type { Tx } from '#platform/db/database';
import { invalidField } from '#platform/errors';

/** Those of the accounts that are still members, in the same order. */
export function peopleOf(ids: readonly string[], names: ReadonlyMap<string, string>): OnCallPerson[] {
  return ids.flatMap((id) => personOf(id, names) ?? []);
}

/** null: no member (any more). */
export function personOf(id: string | null, names: ReadonlyMap<string, string>): OnCallPerson | null {
  const name = id === null ? undefined : names.get(id);
  return id === null || name === undefined ? null : { id, name };
}

/**
 * Only members are put on call. `before`: ids that stood there already may stay, so that a change elsewhere is not
 * refused because somebody has left. @throws validation_failed
 */
export async function refuseStrangers(
  tx: Tx,
  organizationId: string,
  field: string,
  ids: readonly string[],
  before: readonly string[] = [],
): Promise<void> {
  const names = await listMemberNames(tx, organizationId);
  const stranger = ids.find((id) => !names.has(id) && !before.includes(id));
  if (stranger !== undefined) throw invalidField(field, `${stranger} is not a member of this organization`);
}
