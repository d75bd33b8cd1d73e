import type { Ctx } from '#platform/context';
import type { House, OrganizationSeed } from '#platform/module';
import { definePart } from '#platform/parts';

const seedsPart = definePart<readonly OrganizationSeed[]>('identity.seeds');

export function seedsOf(house: House): readonly OrganizationSeed[] {
  return house.flatMap((module) => module.seeds ?? []);
}

/** For organizations created while the server runs. */
export function keepSeeds(ctx: Pick<Ctx, 'parts'>, house: House): void {
  ctx.parts.put(seedsPart, seedsOf(house));
}

export function organizationSeeds(ctx: Pick<Ctx, 'parts'>): readonly OrganizationSeed[] {
  return ctx.parts.get(seedsPart);
}
