import { type ReactNode, useContext } from 'react';
import { useNow } from '../lib/clock';
import { usePreferences } from '../lib/preferences';
import { formatDate, formatDuration, formatExact, formatMoment, formatRelative, minuteMs } from '../lib/time';
import { TimeStandsAlone } from './time-hint';

interface MomentProps {
  at: string;
  language: string;
  /** The zone of the site it happened at; used when the person chose the times of the site. */
  zone?: string | undefined;
  /** Words around the time, e.g. "Last checked {age}". */
  children?: (text: string) => string;
}

interface Times {
  age: string;
  /** Asked for only where it is shown: lists hold hundreds of times. */
  clock: () => string;
  exact: string;
}

function useTimes(at: string, language: string, zone: string | undefined): Times & { ages: boolean } {
  const { times, zone: whose } = usePreferences();
  const now = useNow();
  const time = Date.parse(at);
  const timeZone = whose === 'site' ? zone : undefined;
  return {
    age: formatRelative(time, now, language, timeZone),
    clock: () => formatMoment(time, now, language, timeZone),
    exact: formatExact(time, language, timeZone),
    ages: times === 'ages',
  };
}

/** Every time has the exact moment in its title; TimeHint shows it to the keyboard. */
function Stamp({ at, title, children }: { at: string; title: string; children: ReactNode }) {
  const alone = useContext(TimeStandsAlone);
  return (
    <time dateTime={at} title={title} tabIndex={alone ? 0 : undefined} className="rounded-1">
      {children}
    </time>
  );
}

/** "3 min ago", growing by itself, or the clock for those who chose it; the title has the other and the whole truth. */
export function Ago({ at, language, zone, children = (text) => text }: MomentProps) {
  const { age, clock, exact, ages } = useTimes(at, language, zone);
  return (
    <Stamp at={at} title={`${exact} · ${age}`}>
      {children(ages ? age : clock())}
    </Stamp>
  );
}

/** "3 min 10 s" since then, or between the two. */
export function Lasting({
  at,
  until,
  language,
  zone,
  coarse = false,
  children = (text) => text,
}: MomentProps & {
  until?: string | null;
  /** Whole minutes once there is one: seconds that run all day are unrest. */
  coarse?: boolean;
}) {
  const now = useNow();
  const { exact } = useTimes(at, language, zone);
  const to = until === undefined || until === null ? now : Date.parse(until);
  const ms = to - Date.parse(at);
  return (
    <Stamp at={at} title={exact}>
      {children(formatDuration(coarse && ms > minuteMs ? ms - (ms % minuteMs) : ms))}
    </Stamp>
  );
}

/** The day alone, where the hour says nothing. */
export function Day({ at, language }: Omit<MomentProps, 'children' | 'zone'>) {
  const time = Date.parse(at);
  return (
    <Stamp at={at} title={formatExact(time, language)}>
      {formatDate(time, language)}
    </Stamp>
  );
}

/** The clock time, with the date when it was not today. */
export function At({ at, language, zone, children = (text) => text }: MomentProps) {
  const { age, clock, exact } = useTimes(at, language, zone);
  return (
    <Stamp at={at} title={`${exact} · ${age}`}>
      {children(clock())}
    </Stamp>
  );
}
