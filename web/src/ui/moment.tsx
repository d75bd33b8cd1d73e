import { useNow } from '../lib/clock';
import { formatDate, formatDuration, formatExact, formatMoment, formatRelative } from '../lib/time';

interface MomentProps {
  at: string;
  language: string;
  /** Words around the time, e.g. "Last checked {age}". */
  children?: (text: string) => string;
}

/** "3 min ago", growing by itself; the exact time stands in the title. */
export function Ago({ at, language, children = (text) => text }: MomentProps) {
  const time = Date.parse(at);
  return (
    <time dateTime={at} title={formatExact(time, language)}>
      {children(formatRelative(time, useNow(), language))}
    </time>
  );
}

/** "3 min 10 s" since then, or between the two. */
export function Lasting({
  at,
  until,
  language,
  children = (text) => text,
}: MomentProps & { until?: string | null }) {
  const now = useNow();
  const from = Date.parse(at);
  const to = until === undefined || until === null ? now : Date.parse(until);
  return (
    <time dateTime={at} title={formatExact(from, language)}>
      {children(formatDuration(to - from))}
    </time>
  );
}

/** The day alone, where the hour says nothing. */
export function Day({ at, language }: Omit<MomentProps, 'children'>) {
  const time = Date.parse(at);
  return (
    <time dateTime={at} title={formatExact(time, language)}>
      {formatDate(time, language)}
    </time>
  );
}

/** The clock time, with the date when it was not today. */
export function At({ at, language, children = (text) => text }: MomentProps) {
  const time = Date.parse(at);
  return (
    <time dateTime={at} title={formatExact(time, language)}>
      {children(formatMoment(time, useNow(), language))}
    </time>
  );
}
