import type { Ctx } from '#platform/context';
import type { House } from '#platform/module';
import type { PersonalExport } from '#platform/privacy';
import { audit } from '../audit/audit.ts';
import { operatorScope, targetOf } from './operator.ts';
import { findPerson } from './store.ts';

export interface ExportedPerson {
  readonly email: string;
  readonly names: readonly string[];
  readonly exported_at: string;
  /** By the name of the module that keeps it. */
  readonly kept: Readonly<Record<string, readonly PersonalExport[]>>;
}

/**
 * Everything that the modules keep of a person. There is no caller to authorize: the operator who runs the command
 * controls the database.
 * @returns undefined when nothing is kept
 */
export async function exportPerson(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  house: House,
  address: string,
): Promise<ExportedPerson | undefined> {
  // Across tenants: a person may belong to several organizations, or to none.
  return await ctx.db.system(async (tx) => {
    const person = await findPerson(tx, address);
    const kept: Record<string, readonly PersonalExport[]> = {};
    for (const { name, privacy = [] } of house) {
      const parts: PersonalExport[] = [];
      for (const data of privacy) parts.push(await data.export(tx, person));
      const found = parts.filter(({ rows }) => rows.length > 0);
      if (found.length > 0) kept[name] = found;
    }
    if (Object.keys(kept).length === 0) return undefined;
    await audit(tx, operatorScope, { action: 'person.exported', target: targetOf(person) });
    return {
      email: person.email,
      names: person.names,
      exported_at: new Date(ctx.clock.now()).toISOString(),
      kept,
    };
  });
}
