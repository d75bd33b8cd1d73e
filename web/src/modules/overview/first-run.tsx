import { useQuery } from '@tanstack/react-query';
import type { Overview } from '@watchkeeper/contracts/alerting';
import { channelsQuery } from '../../api/queries/channels';
import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { t } from '../../messages';
import { paths } from '../../paths';
import { buttonClass } from '../../ui/button';
import { Panel } from '../../ui/card';
import { type Step, Steps } from '../../ui/steps';
import { newestSignal } from '../alerting/sentence';
import { NobodyHears } from '../channels/nobody-hears';

/** The stream announces the first heartbeat; what remains of the guide then is that somebody has to be told. */
export function FirstRun({ overview }: { overview: Overview }) {
  const heard = newestSignal(overview) !== null;
  return heard ? <NobodyHears className="mt-5" /> : <Guide overview={overview} />;
}

function Guide({ overview }: { overview: Overview }) {
  const { org, can } = useOrg();
  const channels = useQuery(channelsQuery(org));
  if (!can('inventory:write'))
    return <p className="mt-6 text-ink-2">{t.state.noPermission('inventory:write')}</p>;

  const [site] = overview.sites;
  const hasDevice = overview.devices.total > 0;
  const to = (path: string, label: string) => (
    <AppLink to={path} className={buttonClass('primary')}>
      {label}
    </AppLink>
  );
  const steps: Step[] = [
    {
      id: 'site',
      title: t.firstRun.site,
      text: t.firstRun.siteText,
      done: site !== undefined,
      action: to(paths.addSite({ org }), t.overview.addSite),
    },
    {
      id: 'device',
      title: t.firstRun.device,
      text: t.firstRun.deviceText,
      done: hasDevice,
      action: to(
        paths.addDevice(site === undefined ? { org } : { org, site: site.slug }),
        t.overview.addDevice,
      ),
    },
    {
      id: 'heartbeat',
      title: hasDevice ? t.firstRun.listening : t.firstRun.heartbeat,
      text: t.firstRun.heartbeatText,
      done: false,
      waiting: hasDevice,
      action: site === undefined ? undefined : to(paths.site({ org, site: site.slug }), t.action.open),
    },
    {
      id: 'channel',
      title: t.firstRun.channel,
      text: t.firstRun.channelText,
      done: (channels.data?.data.length ?? 0) > 0,
      action: can('channels:write') ? to(paths.addChannel({ org }), t.firstRun.addChannel) : undefined,
    },
  ];
  return (
    <div className="mt-6 max-w-2xl">
      <Panel title={t.firstRun.title}>
        <Steps steps={steps} doneLabel={t.firstRun.done} nextLabel={t.firstRun.next} />
      </Panel>
    </div>
  );
}
