import { useQuery } from '@tanstack/react-query';
import type { Dashboard } from '@watchkeeper/contracts/operations';
import { useGo } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { t } from '../../messages';
import { paths, type SystemSearch } from '../../paths';
import { Answer } from '../../ui/answer';
import { Choice } from '../../ui/field';
import { State } from '../../ui/mark';
import { AgentsPanel } from './agents-panel';
import { DatabasePanel } from './database-panel';
import { HostsPanel } from './hosts-panel';
import { dashboardQuery } from './queries';
import { QueuePanel } from './queue-panel';
import { hoursOf, type SystemRange, systemRangeFrom, systemRanges } from './ranges';
import { RequestsPanel } from './requests-panel';
import { ServicesPanel, toneOfService } from './services-panel';
import { SettingsForm } from './settings-form';
import { bytesText } from './steps';

/** Watchkeeper watched by itself: services, hosts, requests, database, queues, and the settings of all that. */
export function SystemPage({ search }: { search: SystemSearch }) {
  usePageTitle(t.system.title);
  const { org } = useOrg();
  const go = useGo();
  const range = systemRangeFrom(search.range);
  const dashboard = useQuery(dashboardQuery(org, hoursOf(range)));
  return (
    <Loaded query={dashboard}>
      {(data) => (
        <>
          <Head data={data} />
          <div className="mt-6 grid grid-cols-1 gap-4">
            <ServicesPanel services={data.status.services} hours={hoursOf(range)} />
            <RangeChoice
              range={range}
              onChange={(next) =>
                go(paths.system({ org, range: next === '1h' ? undefined : next }), { replace: true })
              }
            />
            <Panels data={data} />
          </div>
        </>
      )}
    </Loaded>
  );
}

function Head({ data }: { data: Dashboard }) {
  const { status, infrastructure, config } = data;
  const troubled = status.services.filter((service) => service.status !== 'pass');
  const names = troubled.map((service) => t.system.service[service.service].title);
  const now = infrastructure.installation?.database.now;
  const queue = infrastructure.installation?.queue.now;
  return (
    <Answer
      above={<State tone={toneOfService[status.status]}>{t.system.serviceStatus[status.status]}</State>}
      sub={
        <>
          {now === null || now === undefined ? null : (
            <span>{t.system.databaseOf(bytesText(now.size_bytes, t.language))}</span>
          )}
          {queue === null || queue === undefined ? null : <span>{t.system.waitingJobs(queue.waiting)}</span>}
          {config === null ? <span>{t.system.notYours}</span> : null}
        </>
      }
    >
      {t.system.sentence(names)}
    </Answer>
  );
}

function RangeChoice({ range, onChange }: { range: SystemRange; onChange: (range: SystemRange) => void }) {
  return (
    <div className="mt-2">
      <Choice
        label={t.system.range}
        hideLabel
        options={systemRanges.map((value) => ({ value, label: t.system.ranges[value] }))}
        value={range}
        onChange={onChange}
      />
    </div>
  );
}

function Panels({ data }: { data: Dashboard }) {
  const { infrastructure, performance, config } = data;
  const { installation } = infrastructure;
  return (
    <>
      {installation === null ? null : (
        <HostsPanel hosts={installation.hosts} span={infrastructure} config={config} />
      )}
      <RequestsPanel performance={performance} config={config} />
      {installation === null ? null : (
        <>
          <DatabasePanel database={installation.database} span={infrastructure} />
          <QueuePanel installation={installation} span={infrastructure} />
        </>
      )}
      <AgentsPanel agents={infrastructure.agents} truncated={infrastructure.agents_truncated} />
      {config === null ? null : <SettingsForm config={config} />}
    </>
  );
}
