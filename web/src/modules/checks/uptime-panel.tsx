import { useQuery } from '@tanstack/react-query';
import type { CheckUptime, UptimeFigures } from '@watchkeeper/contracts/check-uptime';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { formatDuration, secondMs } from '../../lib/time';
import { t } from '../../messages';
import { Panel } from '../../ui/card';
import { Figures } from '../../ui/figures';
import { RunBars } from '../../ui/run-bars';
import { Skeleton } from '../../ui/skeleton';
import { Table } from '../../ui/table';
import { uptimeQuery } from './queries';
import { shareText } from './runs-panel';

/** Shares of time over a day, a week, a month and a quarter, with the sum behind them. */
export function UptimePanel({ check }: { check: string }) {
  const { org } = useOrg();
  const uptime = useQuery(uptimeQuery(org, check));
  return (
    <Panel title={t.check.uptimeTitle}>
      <Loaded query={uptime} loading={<Skeleton className="h-32" />}>
        {(data) => (
          <div className="grid gap-4">
            <Windows uptime={data} />
            <Days uptime={data} />
            <details>
              <summary className="text-1 text-accent">{t.check.uptimeFormula}</summary>
              <p className="mt-2 max-w-[75ch] text-1 text-ink-2">{data.formula}</p>
              <ul className="mt-2 grid gap-1 text-1 tabular-nums">
                {data.windows.map((each) => (
                  <li key={each.window}>
                    {t.check.windows[each.window] ?? each.window}: {each.clock.words} {aside(each.clock)}
                  </li>
                ))}
              </ul>
            </details>
          </div>
        )}
      </Loaded>
    </Panel>
  );
}

function percent({ available_percent: share }: UptimeFigures): string {
  return shareText(share === null ? undefined : share / 100);
}

function Windows({ uptime }: { uptime: CheckUptime }) {
  const hasHours = uptime.windows.some((each) => each.opening_hours?.available_percent != null);
  const items = (figuresOf: (each: CheckUptime['windows'][number]) => UptimeFigures | null) =>
    uptime.windows.map((each) => {
      const figures = figuresOf(each);
      return {
        label: t.check.windows[each.window] ?? each.window,
        value: figures === null ? t.state.unavailable : percent(figures),
      };
    });
  return (
    <div className="grid gap-4">
      <Figures items={items((each) => each.clock)} />
      {hasHours ? (
        <div>
          <h3 className="mb-1 text-1 font-semibold text-ink-2">{t.check.byHours}</h3>
          <Figures items={items((each) => each.opening_hours)} />
        </div>
      ) : null}
    </div>
  );
}

/** Time that counts as neither up nor down is shown beside it. */
function aside({ unknown_seconds: unknown, maintenance_seconds: maintenance }: UptimeFigures): string {
  const parts = [
    ...(unknown < 1 ? [] : [`${formatDuration(unknown * secondMs)} ${t.check.timeUnknown}`]),
    ...(maintenance < 1 ? [] : [`${formatDuration(maintenance * secondMs)} ${t.check.timeMaintenance}`]),
  ];
  return parts.length === 0 ? '' : `(${parts.join(', ')})`;
}

function Days({ uptime }: { uptime: CheckUptime }) {
  const { days } = uptime;
  const day = new Intl.DateTimeFormat(t.language, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const name = (date: string) => day.format(Date.parse(`${date}T00:00Z`));
  const [first, last] = [days[0], days.at(-1)];
  const quarter = uptime.windows.at(-1);
  if (first === undefined || last === undefined || quarter === undefined) return null;
  return (
    <div>
      <h3 className="mb-2 text-1 font-semibold text-ink-2">{t.check.uptimeDays}</h3>
      <RunBars
        bars={days.map((each) => ({
          id: each.date,
          ok: each.up_seconds,
          failed: each.down_seconds,
          unable: 0,
          label: t.check.day(name(each.date), `${percent(each)} ${aside(each)}`.trim()),
        }))}
        summary={t.check.uptimeDaysSummary(percent(quarter.clock), days.length)}
        start={name(first.date)}
        end={name(last.date)}
      />
      <details className="mt-2">
        <summary className="text-1 text-accent">{t.check.uptimeDaysTable}</summary>
        <div className="mt-2">
          <Table
            caption={t.check.uptimeDays}
            columns={[
              { key: 'day', label: t.check.time },
              { key: 'share', label: t.check.uptimeTitle, numeric: true },
              { key: 'outages', label: t.check.outages, numeric: true },
              { key: 'aside', label: t.check.timeUnknown },
            ]}
            rows={days.toReversed().map((each) => ({
              id: each.date,
              cells: [name(each.date), percent(each), each.outages, aside(each)],
            }))}
          />
        </div>
      </details>
    </div>
  );
}
