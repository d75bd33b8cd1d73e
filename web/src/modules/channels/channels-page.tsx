import { useQuery } from '@tanstack/react-query';
import type { ListedChannel } from '@watchkeeper/contracts/notifications';
import { channelKindsQuery, channelsQuery } from '../../api/queries/channels';
import { AppLink } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { buttonClass } from '../../ui/button';
import { Section } from '../../ui/card';
import { classes } from '../../ui/classes';
import { Empty } from '../../ui/empty';
import { PlusIcon } from '../../ui/icons';
import { Badge } from '../../ui/mark';
import { Health } from './health';
import { usageWords, useUsage } from './use-usage';

export function ChannelsPage() {
  usePageTitle(t.channel.title);
  const { org, can } = useOrg();
  const channels = useQuery(channelsQuery(org));
  const add = can('channels:write') ? (
    <AppLink to={paths.addChannel({ org })} className={buttonClass('primary')}>
      <PlusIcon size={16} /> {t.channel.add}
    </AppLink>
  ) : undefined;
  return (
    <Loaded query={channels}>
      {({ data }) => (
        <>
          <Answer actions={data.length === 0 ? undefined : add} sub={t.channel.lead}>
            {sentenceOf(data)}
          </Answer>
          {data.length === 0 ? (
            <div className="mt-6">
              <Empty title={t.channel.empty} action={add}>
                {t.channel.emptyText}
              </Empty>
            </div>
          ) : (
            <Section title={t.channel.list}>
              <ul className="overflow-hidden rounded-3 border border-line bg-surface shadow-card">
                {data.map((channel) => (
                  <ChannelRow key={channel.id} channel={channel} />
                ))}
              </ul>
            </Section>
          )}
        </>
      )}
    </Loaded>
  );
}

function sentenceOf(channels: readonly ListedChannel[]): string {
  const on = channels.filter((channel) => channel.enabled);
  return t.channel.sentence(
    on.length,
    on.filter((channel) => channel.last_result?.status === 'failed').length,
  );
}

function ChannelRow({ channel }: { channel: ListedChannel }) {
  const { org } = useOrg();
  const kinds = useQuery(channelKindsQuery(org));
  const usage = useUsage();
  const kind = kinds.data?.data.find((each) => each.kind === channel.kind);
  return (
    <li className="relative grid items-center gap-x-6 gap-y-1 border-b border-line px-4 py-3 last:border-b-0 hover:bg-sunken sm:px-5 md:grid-cols-[minmax(0,1fr)_minmax(0,22rem)]">
      <div className={classes('min-w-0', !channel.enabled && 'text-ink-2')}>
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <AppLink
            to={paths.channel({ org, channel: channel.id })}
            className="text-3 font-semibold after:absolute after:inset-0"
          >
            {channel.name}
          </AppLink>
          <span className="text-1 text-ink-3">{kind?.label ?? channel.kind}</span>
          {channel.managed_by === null ? null : <Badge tone="maintenance">{t.channel.environment}</Badge>}
          {channel.enabled ? null : <Badge tone="unknown">{t.channel.off}</Badge>}
        </p>
        <p className="text-2 text-ink-2">{usageWords(channel, usage(channel))}</p>
      </div>
      <Health channel={channel} />
    </li>
  );
}
