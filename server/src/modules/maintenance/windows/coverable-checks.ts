import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '#platform/context';
import type { House } from '#platform/module';
import { definePart } from '#platform/parts';

/** Rows of the checks that a window may cover: `organization_id`, `id`, `site_id` and `slug`. */
export type CheckRows = RawBuilder<unknown>;

declare module '#platform/module' {
  interface Module {
    /** The checks that a maintenance window may cover, from the module on a higher floor that owns checks. */
    readonly coverableChecks?: CheckRows;
  }
}

/** For readers that need no names: a check is then shown by its id. */
export const noChecks: CheckRows = sql`(select null::uuid as organization_id, null::uuid as id, null::uuid as site_id,
  null::text as slug where false)`;

const checksPart = definePart<CheckRows>('maintenance.coverable_checks');

export function keepCoverableChecks(ctx: Pick<Ctx, 'parts'>, house: House): void {
  const shown = house.map(({ coverableChecks }) => coverableChecks);
  ctx.parts.put(checksPart, shown.find((rows) => rows !== undefined) ?? noChecks);
}

export function coverableChecks(ctx: Pick<Ctx, 'parts'>): CheckRows {
  return ctx.parts.get(checksPart);
}
