import type { OnCallLayer } from '@watchkeeper/contracts';
import { toInstant } from '@watchkeeper/contracts/instant';
import { Temporal } from '#platform/temporal';
import { cut, type Span } from './shift.ts';

const hourMs = 3_600_000;

/** One turn of the rotation: `index` counts from the start of the layer. */
export interface Turn extends Span {
  readonly index: number;
}

/**
 * The turns of a layer within a span, in order and without holes from its start to its end; restrictions are not
 * looked at. The end of a turn and the begin of the next come from one computation, so a change of the clocks makes a
 * turn longer or shorter, and never a gap or an overlap.
 */
export function turnsOf(layer: OnCallLayer, timeZone: string, span: Span): Turn[] {
  const begins = boundaryOf(layer, timeZone);
  const end = layer.ends_at == null ? span.end : Math.min(span.end, toInstant(layer.ends_at).getTime());
  const within = { start: Math.max(span.start, begins(0)), end };
  const turns: Turn[] = [];
  if (within.start >= within.end) return turns;
  // The loop ends because turns move on, and the span has an end.
  for (let index = indexBefore(layer, begins(0), within.start); ; index += 1) {
    const start = begins(index);
    if (start >= end) return turns;
    // A zone that skips a whole day has an empty turn there.
    turns.push(...cut({ index, start, end: begins(index + 1) }, within));
  }
}

/** When the turn of that index begins. */
function boundaryOf({ rotation, handoff_time, starts_on }: OnCallLayer, timeZone: string) {
  const day = Temporal.PlainDate.from(starts_on);
  const plainTime = Temporal.PlainTime.from(handoff_time);
  const onDay = (date: Temporal.PlainDate) => date.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds;
  if (rotation.unit === 'hours') {
    const first = onDay(day);
    return (index: number) => first + index * rotation.every * hourMs;
  }
  const days = rotation.every * (rotation.unit === 'weeks' ? 7 : 1);
  return (index: number) => onDay(day.add({ days: days * index }));
}

const hoursOf = { hours: 1, days: 24, weeks: 168 } as const;
/** Clocks of a zone differ by at most 26 hours over the years; a turn too early is cut off. */
const slackMs = 48 * hourMs;

function indexBefore({ rotation }: OnCallLayer, first: number, at: number): number {
  const turnMs = rotation.every * hoursOf[rotation.unit] * hourMs;
  return Math.max(0, Math.floor((at - first - slackMs) / turnMs));
}
