import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useOrg } from '../../app/session';
import { serverNow } from '../../lib/clock';
import { type DayText, spanOf } from './days';
import { overlapping } from './overlap';
import { everything } from './place-words';
import { calendarQuery, type Dated, windowsQuery } from './queries';

/** One occurrence as the calendar draws it. */
export interface Entry extends Dated {
  recurs: boolean;
  isRunning: boolean;
  systems: readonly string[] | undefined;
  /** Reasons of the windows that it overlaps with. */
  overlaps: readonly string[];
}

/** The occurrences on these days, in the time zone of a place, at one site or everywhere. */
export function useCalendar(days: readonly DayText[], timeZone: string, site: string | undefined) {
  const { org } = useOrg();
  const [first = '', last = ''] = [days[0], days.at(-1)];
  const calendar = useQuery({
    ...calendarQuery(org, spanOf(first, timeZone).from, spanOf(last, timeZone).to),
    placeholderData: (before) => before,
  });
  const windows = useQuery(windowsQuery(org)).data?.data;
  const entries = useMemo(() => {
    const now = serverNow();
    const known = (calendar.data?.data ?? []).filter(tookPlace).map((dated): Entry => {
      const window = windows?.find((each) => each.id === dated.window_id);
      return {
        ...dated,
        recurs: typeof window?.recurrence === 'string',
        isRunning: Date.parse(dated.start_time) <= now && now < Date.parse(dated.end_time),
        systems: window?.systems,
        overlaps: [],
      };
    });
    /** Times before it was planned belong to its rule, not to what happened. */
    function tookPlace({ window_id, end_time }: Dated): boolean {
      const planned = windows?.find((each) => each.id === window_id)?.created_at;
      return planned === undefined || Date.parse(end_time) > Date.parse(planned);
    }
    return known
      .map((entry) => ({ ...entry, overlaps: overlapping([entry], known).map((other) => other.reason) }))
      .filter((entry) => site === undefined || entry.location === site || entry.location === everything);
  }, [calendar.data, windows, site]);
  return { calendar, entries, windows };
}
