import type { FastifyRequest } from 'fastify';
import { AppError, invalidField } from '#platform/errors';

/** One year; and the latest time that both a Date and the database can hold. */
const flipSecondsMax = 31_536_000;
const epochSecondsMax = 253_402_300_799;
const tagsInQueryMax = 50;

/** Matches only a UUID. Any other text may be the slug of an organization, whose own routes have the same path. */
export const uuid = ':check(^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$)';
export const reference =
  ':check(^(?:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|[0-9a-f]{40})$)';

export function paramOf({ params }: FastifyRequest, name: string): string {
  // Safe because the router sets every parameter of the path, as text.
  return (params as Record<string, string>)[name] ?? '';
}

export function tagsIn(query: unknown): readonly string[] {
  if (typeof query !== 'object' || query === null || !('tag' in query)) return [];
  const { tag } = query;
  const list: readonly unknown[] = Array.isArray(tag) ? tag : [tag];
  const named = new Set(list.filter((one) => typeof one === 'string' && one !== '').map(String));
  if (named.size > tagsInQueryMax)
    throw new AppError('validation_failed', `At most ${tagsInQueryMax} tags may be asked for.`);
  return [...named];
}

export function rangeOf(request: FastifyRequest, now: number): { from: Date | null; to: Date | null } {
  const last = secondsIn(request.query, 'seconds', flipSecondsMax);
  const start = secondsIn(request.query, 'start', epochSecondsMax);
  const end = secondsIn(request.query, 'end', epochSecondsMax);
  const since = Math.max(last === null ? 0 : now - last * 1_000, (start ?? 0) * 1_000);
  return {
    from: last === null && start === null ? null : new Date(since),
    to: end === null ? null : new Date(end * 1_000),
  };
}

/** A time in the query, in seconds since the epoch. @throws validation_failed */
function secondsIn(query: unknown, name: string, max: number): number | null {
  if (typeof query !== 'object' || query === null) return null;
  const value: unknown = Reflect.get(query, name);
  if (value === undefined || value === '') return null;
  if (typeof value === 'string' && /^\d{1,12}$/.test(value) && Number(value) <= max) return Number(value);
  throw invalidField(name, `must be a whole number of seconds, at most ${max}`);
}
