import type { Infrastructure } from '@watchkeeper/contracts/operations';
import { t } from '../../messages';
import { Panel } from '../../ui/card';
import { Facts } from '../../ui/facts';
import { State } from '../../ui/mark';
import { Ago } from '../../ui/moment';
import { Table } from '../../ui/table';
import { valuesOf } from './hosts-panel';
import { type ChartSpan, MeasuredChart } from './measured-chart';

type Installation = NonNullable<Infrastructure['installation']>;
/** A turn taken a little after its time is how turns are taken. */
const lateSeconds = 30;

/** Background jobs, work that comes round again and again, and how late checks begin. */
export function QueuePanel({ installation, span }: { installation: Installation; span: ChartSpan }) {
  const { queue, checks, periodic } = installation;
  const figures = new Intl.NumberFormat(t.language, { maximumFractionDigits: 2 });
  const waiting = queue.series.find((one) => one.metric === 'jobs_waiting');
  const lateness = checks[0];
  const failed = queue.now?.failed ?? [];
  return (
    <Panel title={t.system.queue}>
      <div className="grid gap-x-6 gap-y-8 lg:grid-cols-2">
        <MeasuredChart
          label={t.system.metric.jobs_waiting}
          unit=""
          span={span}
          points={valuesOf(waiting)}
          fileName="jobs_waiting.csv"
        />
        <MeasuredChart
          label={t.system.metric.check_lateness_p99_seconds}
          unit="s"
          span={span}
          points={valuesOf(lateness)}
          fileName="check_lateness.csv"
        />
      </div>
      {queue.now === null ? null : (
        <Facts
          className="mt-6 sm:max-w-md"
          facts={[
            { label: t.system.jobsWaiting, value: figures.format(queue.now.waiting) },
            { label: t.system.jobsRunning, value: figures.format(queue.now.active) },
            { label: t.system.jobsOldest, value: `${figures.format(queue.now.oldest_seconds)} s` },
          ]}
        />
      )}
      {failed.length === 0 ? null : <FailedJobs failed={failed} />}
      <h3 className="mt-6 mb-2 text-2 font-semibold">{t.system.periodic}</h3>
      <Table
        caption={t.system.periodic}
        columns={[
          { key: 'name', label: t.system.work },
          { key: 'state', label: t.system.status },
          { key: 'finished', label: t.system.finished },
        ]}
        rows={periodic.map((work) => ({
          id: work.name,
          cells: [
            <code key="name" className="font-mono whitespace-nowrap">
              {work.name}
            </code>,
            <WorkState key="state" failed={work.last_error !== null} late={work.late_seconds} />,
            work.finished_at === null ? (
              t.system.notYet
            ) : (
              <Ago key="at" at={work.finished_at} language={t.language} />
            ),
          ],
        }))}
      />
    </Panel>
  );
}

type Failed = NonNullable<NonNullable<Installation['queue']['now']>['failed']>;

/** Nobody tries these again by himself: it must be seen. */
function FailedJobs({ failed }: { failed: Failed }) {
  return (
    <>
      <h3 className="mt-6 mb-2 text-2 font-semibold">{t.system.jobsFailed}</h3>
      <p className="mb-2">{t.system.jobsFailedHelp}</p>
      <Table
        caption={t.system.jobsFailed}
        columns={[
          { key: 'name', label: t.system.work },
          { key: 'count', label: t.system.jobsFailedCount },
          { key: 'error', label: t.system.jobsFailedError },
          { key: 'newest', label: t.system.jobsFailedNewest },
        ]}
        rows={failed.map((job) => ({
          id: job.name,
          cells: [
            <code key="name" className="font-mono">
              {job.name}
            </code>,
            job.count,
            job.error ?? '',
            <Ago key="at" at={job.newest_at} language={t.language} />,
          ],
        }))}
      />
    </>
  );
}

function WorkState({ failed, late }: { failed: boolean; late: number }) {
  if (failed)
    return (
      <State tone="problem" className="whitespace-nowrap">
        {t.system.workFailed}
      </State>
    );
  if (late > lateSeconds)
    return (
      <State tone="attention" className="whitespace-nowrap">
        {t.system.workLate(Math.round(late))}
      </State>
    );
  return (
    <State tone="ok" className="whitespace-nowrap">
      {t.system.workFine}
    </State>
  );
}
