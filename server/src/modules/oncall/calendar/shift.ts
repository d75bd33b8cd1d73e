import type { GapReason } from '@watchkeeper/contracts';

/** A span of time, in milliseconds since the epoch; `end` is not part of it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Who is on call during a span, and why that is so. */
export interface Shift extends Span {
  /** null: nobody. */
  readonly userId: string | null;
  /** The place of the layer in the schedule; null: an override, or a gap that belongs to no layer. */
  readonly layer: number | null;
  readonly overrideId: string | null;
  readonly gap: GapReason | null;
}

export function cut<S extends Span>(span: S, { start, end }: Span): S[] {
  const cutStart = Math.max(span.start, start);
  const cutEnd = Math.min(span.end, end);
  return cutStart < cutEnd ? [{ ...span, start: cutStart, end: cutEnd }] : [];
}

/**
 * Puts the shifts of `top` over those of `base`: where both have one, the one of `top` counts. Both are in order and
 * without overlaps, and so is the result.
 */
export function layOver(base: readonly Shift[], top: readonly Shift[]): Shift[] {
  const laid: Shift[] = [];
  let next = 0;
  for (const shift of base) {
    let from = shift.start;
    while ((top[next]?.end ?? Number.POSITIVE_INFINITY) <= shift.start) next += 1;
    for (let index = next; from < shift.end; index += 1) {
      const above = top[index];
      if (above === undefined || above.start >= shift.end) {
        laid.push({ ...shift, start: from });
        break;
      }
      if (above.start > from) laid.push({ ...shift, start: from, end: above.start });
      from = Math.max(from, above.end);
    }
  }
  return [...laid, ...top].sort((a, b) => a.start - b.start);
}
