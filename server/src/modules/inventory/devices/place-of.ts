import { loadPlaces, type Place, resolvePlace } from '../places/resolve.ts';
import { refuse, type Work } from '../work.ts';

/** The place that a request names. @throws validation_failed naming the unknown references. */
export async function placeOf(
  work: Work,
  input: { site: string; area?: string | null; type?: string | null },
): Promise<Place> {
  const wanted = { site: input.site, area: input.area ?? null, type: input.type ?? null };
  const { place, errors } = resolvePlace(
    await loadPlaces(work.tx, work.scope.organizationId, [wanted]),
    wanted,
    '',
  );
  refuse(errors);
  if (place === undefined) throw new Error('A place without errors is a place.');
  return place;
}
