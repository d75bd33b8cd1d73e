import { dayMs } from '../../../lib/time';

/** As they stand in the address; days are local, the last one included. */
export const filterNames = ['who', 'what', 'target', 'from', 'to'] as const;
export type Filters = Partial<Record<(typeof filterNames)[number], string>>;

export function filtersOf(search: Readonly<Record<string, string>>): Filters {
  return Object.fromEntries(
    filterNames.filter((name) => (search[name] ?? '') !== '').map((name) => [name, search[name]]),
  );
}

interface AuditFilter {
  actor?: string;
  action?: string;
  target?: string;
  since?: string;
  until?: string;
}

/** The filters in the words of the API. An invalid day is ignored: an address may be mistyped. */
export function toQuery({ who, what, target, from, to }: Filters): AuditFilter {
  const since = startOf(from, 0);
  const until = startOf(to, 1);
  return {
    ...(who === undefined ? {} : { actor: who }),
    ...(what === undefined ? {} : { action: what }),
    ...(target === undefined ? {} : { target }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}

/** Midnight of the day, or of the one `later`. Noon plus whole days is safe where clocks change. */
function startOf(day: string | undefined, later: 0 | 1): string | undefined {
  const noon = new Date(`${day}T12:00`);
  if (Number.isNaN(noon.getTime())) return undefined;
  const start = new Date(noon.getTime() + later * dayMs);
  start.setHours(0, 0, 0, 0);
  return start.toISOString();
}
