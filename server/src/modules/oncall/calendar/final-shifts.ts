import type { OnCallLayer } from '@watchkeeper/contracts';
import { turnsOf } from './layer-turns.ts';
import { allowedTimes } from './restrictions.ts';
import { cut, layOver, type Shift, type Span } from './shift.ts';

export interface Override extends Span {
  readonly id: string;
  readonly userId: string;
}

export interface Calendar {
  readonly timeZone: string;
  /** The last one counts most. */
  readonly layers: readonly OnCallLayer[];
  /** In the order in which they were made; the last one counts most. */
  readonly overrides: readonly Override[];
  /** Those who are members of the organization now. */
  readonly members: ReadonlySet<string>;
}

/**
 * Who is on call during the span, in order and without holes: where nobody is, a shift says so, and why. The turn of
 * a person who left the organization falls to the layers below, and is a gap where they have nobody.
 */
export function finalShifts(calendar: Calendar, span: Span): Shift[] {
  if (span.start >= span.end) return [];
  const isMember = ({ userId }: { userId: string | null }) => userId !== null && calendar.members.has(userId);
  const layers = calendar.layers.map((layer, index) => shiftsOfLayer(layer, index, calendar.timeZone, span));
  const hasMembers = calendar.layers.some(({ members }) => members.length > 0);
  let shifts: Shift[] = [{ ...span, ...nobody, userId: null, gap: hasMembers ? 'not_covered' : 'no_member' }];
  for (const layer of layers) {
    const left = layer.filter((shift) => !isMember(shift));
    shifts = layOver(
      shifts,
      left.map((shift) => ({ ...shift, userId: null, gap: 'member_left' })),
    );
  }
  for (const layer of layers) shifts = layOver(shifts, layer.filter(isMember));
  for (const override of calendar.overrides.filter(isMember)) {
    const { id: overrideId, userId, start, end } = override;
    shifts = layOver(shifts, cut({ start, end, ...nobody, overrideId, userId }, span));
  }
  return shifts;
}

/** The shifts of one layer alone, with its restrictions. */
export function shiftsOfLayer(layer: OnCallLayer, index: number, timeZone: string, span: Span): Shift[] {
  const { members, restrictions = [] } = layer;
  if (members.length === 0) return [];
  const allowed = allowedTimes(restrictions, timeZone, span);
  const shifts: Shift[] = [];
  let next = 0;
  for (const turn of turnsOf(layer, timeZone, span)) {
    const userId = members[turn.index % members.length] ?? null;
    while ((allowed[next]?.end ?? Number.POSITIVE_INFINITY) <= turn.start) next += 1;
    for (let at = next; (allowed[at]?.start ?? Number.POSITIVE_INFINITY) < turn.end; at += 1)
      for (const { start, end } of cut(allowed[at] ?? turn, turn))
        shifts.push({ start, end, ...nobody, layer: index, userId });
  }
  return shifts;
}

const nobody = { layer: null, overrideId: null, gap: null };
