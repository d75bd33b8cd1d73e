import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  ChannelCreate,
  ChannelCreated,
  ChannelKindDescription,
} from '@watchkeeper/contracts/notifications';
import { useState } from 'react';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered } from '../../api/problem';
import { channelKindsQuery } from '../../api/queries/channels';
import { AppLink } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { Button, buttonClass } from '../../ui/button';
import { Card } from '../../ui/card';
import { Notice } from '../../ui/notice';
import { CallbackAddress } from './callback-address';
import { draftOfChannel, fieldsOfChannel } from './channel-draft';
import { ChannelForm } from './channel-form';
import { SecretsOnce } from './secrets-once';
import { TestPanel } from './test-panel';

export function AddChannelPage({ kind: wanted }: { kind: string | undefined }) {
  usePageTitle(t.channel.add);
  const { org, can } = useOrg();
  const kinds = useQuery(channelKindsQuery(org));
  // Kept on this page alone: the secret is never written anywhere else.
  const [created, setCreated] = useState<ChannelCreated>();
  const crumb = (
    <AppLink to={paths.channels({ org })} className="hover:underline">
      {t.channel.title}
    </AppLink>
  );
  if (!can('channels:write')) {
    return (
      <>
        <Answer crumb={crumb}>{t.channel.add}</Answer>
        <Notice tone="unknown" className="mt-6">
          {t.state.noPermission('channels:write')}
        </Notice>
      </>
    );
  }
  if (created !== undefined) return <ChannelAdded channel={created} />;
  return (
    <Loaded query={kinds}>
      {({ data }) => {
        const kind = data.find((each) => each.kind === wanted && each.available);
        return (
          <>
            <Answer crumb={crumb} sub={kind === undefined ? t.channel.chooseLead : kind.help}>
              {kind === undefined ? t.channel.chooseTitle : t.channel.addTitle(kind.label)}
            </Answer>
            {kind === undefined ? (
              <KindList kinds={data} />
            ) : (
              <div className="mt-6 max-w-xl">
                <NewChannel key={kind.kind} kind={kind} onCreated={setCreated} />
              </div>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function KindList({ kinds }: { kinds: readonly ChannelKindDescription[] }) {
  const { org } = useOrg();
  const cardClass = 'grid content-start gap-1 rounded-3 border border-line bg-surface p-4';
  return (
    <ul className="mt-6 grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
      {kinds.map((kind) => (
        <li key={kind.kind} className="grid">
          {kind.available ? (
            <AppLink
              to={paths.addChannel({ org, kind: kind.kind })}
              className={`${cardClass} shadow-card hover:border-accent`}
            >
              <span className="font-semibold">{kind.label}</span>
              <span className="text-2 text-ink-2">{kind.help}</span>
            </AppLink>
          ) : (
            <div className={cardClass}>
              <span className="font-semibold text-ink-2">{kind.label}</span>
              <span className="text-2 text-ink-2">{kind.help}</span>
              <span className="text-1 text-ink-3">
                {t.channel.unavailable}. {kind.unavailable_reason}
              </span>
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

interface NewChannelProps {
  kind: ChannelKindDescription;
  onCreated: (channel: ChannelCreated) => void;
}

function NewChannel({ kind, onCreated }: NewChannelProps) {
  const { org } = useOrg();
  const queryClient = useQueryClient();
  const options = fieldsOfChannel(kind);
  const create = useMutation({
    mutationFn: (body: ChannelCreate) =>
      answered<ChannelCreated>(api.POST('/api/v1/{org}/channels', { params: { path: { org } }, body })),
    onSuccess: (channel) => {
      void queryClient.invalidateQueries({ queryKey: keys.of(org, 'channels') });
      onCreated(channel);
    },
  });
  return (
    <Card className="p-5 sm:p-6">
      <ChannelForm
        initial={draftOfChannel(options)}
        options={options}
        error={create.error}
        onSubmit={(body) => {
          if (!create.isPending) create.mutate({ ...body, kind: kind.kind });
        }}
        buttons={
          <>
            <Button variant="primary" type="submit" busy={create.isPending}>
              {t.channel.submit}
            </Button>
            <AppLink to={paths.channels({ org })} className={buttonClass('quiet')}>
              {t.action.cancel}
            </AppLink>
          </>
        }
      />
    </Card>
  );
}

function ChannelAdded({ channel }: { channel: ChannelCreated }) {
  const { org } = useOrg();
  return (
    <>
      <Answer
        crumb={
          <AppLink to={paths.channels({ org })} className="hover:underline">
            {t.channel.title}
          </AppLink>
        }
        sub={t.channel.addedText}
        actions={
          <AppLink to={paths.channel({ org, channel: channel.id })} className={buttonClass()}>
            {t.action.open}
          </AppLink>
        }
      >
        {t.channel.added(channel.name)}
      </Answer>
      <div className="mt-6 grid max-w-3xl gap-4">
        {channel.shown_once === undefined ? null : (
          <SecretsOnce title={t.channel.shownOnceTitle} secrets={channel.shown_once} />
        )}
        <CallbackAddress url={channel.callback_url} />
        <TestPanel channel={channel.id} />
      </div>
    </>
  );
}
