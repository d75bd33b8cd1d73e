import { useInfiniteQuery } from '@tanstack/react-query';
import type { MaintenanceFindings } from '@watchkeeper/contracts/maintenance';
import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { LoadFailed } from '../../app/states';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Button } from '../../ui/button';
import { Panel } from '../../ui/card';
import { Mark } from '../../ui/mark';
import { SkeletonRows } from '../../ui/skeleton';
import type { Tone } from '../../ui/tone';
import { type Report, reportsQuery } from './queries';
import { clockNote, spanWords } from './window-words';

/** The report of each run, newest first. */
export function ReportsPanel({ window, timeZone }: { window: string; timeZone: string }) {
  const { org } = useOrg();
  const reports = useInfiniteQuery(reportsQuery(org, window));
  const rows = reports.data?.pages.flatMap((page) => page.data);
  return (
    <Panel title={t.maintenance.reports}>
      {rows === undefined ? (
        reports.error === null ? (
          <SkeletonRows label={t.state.loading} rows={2} />
        ) : (
          <LoadFailed error={reports.error} onRetry={() => void reports.refetch()} />
        )
      ) : rows.length === 0 ? (
        <p className="text-ink-3">{t.maintenance.reportsNone}</p>
      ) : (
        <ol className="grid gap-4">
          {rows.map((report) => (
            <li key={report.id} className="border-b border-line pb-4 last:border-b-0 last:pb-0">
              <Run report={report} timeZone={timeZone} />
            </li>
          ))}
        </ol>
      )}
      {reports.hasNextPage ? (
        <Button
          className="mt-3"
          busy={reports.isFetchingNextPage}
          onClick={() => void reports.fetchNextPage()}
        >
          {t.action.showMore}
        </Button>
      ) : null}
    </Panel>
  );
}

function Run({ report, timeZone }: { report: Report; timeZone: string }) {
  const span = { start_time: report.started_at, end_time: report.ended_at ?? report.planned_end_at };
  const note = clockNote(span, timeZone);
  return (
    <>
      <h3 className="flex flex-wrap items-baseline gap-x-3 font-medium tabular-nums">
        {spanWords(span, timeZone)}
        <span className="text-1 font-normal text-ink-3">{endWords(report)}</span>
      </h3>
      {note === undefined ? null : <p className="text-1 text-ink-3">{note}</p>}
      {report.ended_at === null ? null : report.findings === null ? (
        <p className="mt-1 text-ink-3">{t.maintenance.reportPending}</p>
      ) : (
        <Findings findings={report.findings} />
      )}
    </>
  );
}

function endWords({ ended_at, end_cause, ended_by }: Report): string {
  if (ended_at === null) return t.maintenance.reportNow;
  const cause = t.maintenance.cause[end_cause ?? ''] ?? end_cause ?? '';
  return ended_by === null ? cause : t.maintenance.causeBy(cause, ended_by);
}

function Findings({ findings }: { findings: MaintenanceFindings }) {
  const { not_back_total: open, recovered_total: back } = findings;
  if (open + back === 0) return <Line tone="ok">{t.maintenance.quiet}</Line>;
  return (
    <div className="mt-1 grid gap-2">
      {open === 0 ? (
        <Line tone="ok">{t.maintenance.allBack}</Line>
      ) : (
        <>
          <Line tone="problem">{t.maintenance.notBack(open)}</Line>
          <Alerts alerts={findings.not_back} total={open} />
        </>
      )}
      {back === 0 ? null : (
        <details>
          <summary className="text-1 text-accent">{t.maintenance.cameBack(back)}</summary>
          <div className="mt-1">
            <Alerts alerts={findings.recovered} total={back} />
          </div>
        </details>
      )}
    </div>
  );
}

function Line({ tone, children }: { tone: Tone; children: string }) {
  return (
    <p className="mt-1 flex items-center gap-2 text-2">
      <Mark tone={tone} />
      {children}
    </p>
  );
}

/** More than these are in the report itself. */
const alertsShown = 20;

function Alerts({ alerts, total }: { alerts: MaintenanceFindings['not_back']; total: number }) {
  const { org } = useOrg();
  const shown = alerts.slice(0, alertsShown);
  return (
    <ul className="grid gap-1 pl-5 text-2">
      {shown.map((alert) => (
        <li key={alert.alert_id}>
          <AppLink to={paths.alert({ org, alert: alert.alert_id })} className="text-accent hover:underline">
            {alert.title}
          </AppLink>
          {alert.broken_before ? <span className="text-1 text-ink-3">, {t.maintenance.before}</span> : null}
        </li>
      ))}
      {total > shown.length ? (
        <li className="text-1 text-ink-3">{t.maintenance.reportMore(total - shown.length)}</li>
      ) : null}
    </ul>
  );
}
