import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  Channel,
  ChannelKindDescription,
  ChannelUpdate,
  ListedChannel,
} from '@watchkeeper/contracts/notifications';
import { useState } from 'react';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered } from '../../api/problem';
import { channelKindsQuery, channelQuery } from '../../api/queries/channels';
import { ifMatch, isChangedMeanwhile } from '../../api/versions';
import { ChangedMeanwhile } from '../../app/changed-meanwhile';
import { AppLink } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { useToast } from '../../app/toast';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { Button } from '../../ui/button';
import { Panel } from '../../ui/card';
import { Facts } from '../../ui/facts';
import { Badge, State } from '../../ui/mark';
import { Notice } from '../../ui/notice';
import { configWords } from '../rules/rule-words';
import { CallbackAddress } from './callback-address';
import { draftOfChannel, fieldsOfChannel } from './channel-draft';
import { ChannelForm } from './channel-form';
import { DeleteChannel } from './delete-channel';
import { Health } from './health';
import { RotateSecret } from './rotate-secret';
import { TestPanel } from './test-panel';
import { usageWords, useUsage } from './use-usage';

export function ChannelPage({ id }: { id: string }) {
  const { org, can } = useOrg();
  const channel = useQuery(channelQuery(org, id));
  const kinds = useQuery(channelKindsQuery(org));
  usePageTitle(channel.data?.name ?? t.channel.title);
  const mayWrite = can('channels:write');
  return (
    <Loaded query={kinds}>
      {({ data }) => (
        <Loaded query={channel}>
          {(one) => {
            const kind = data.find((each) => each.kind === one.kind);
            return (
              <>
                <ChannelHead channel={one} kind={kind} />
                <div className="mt-6 grid items-start gap-4 lg:grid-cols-2">
                  {mayWrite && kind !== undefined ? (
                    <EditPanel channel={one} kind={kind} />
                  ) : (
                    <SettingsPanel channel={one} kind={kind} />
                  )}
                  {mayWrite ? (
                    <div className="grid gap-4">
                      <TestPanel channel={one.id} />
                      <CallbackAddress url={one.callback_url} />
                      {kind !== undefined && kind.generated.length > 0 ? (
                        <RotateSecret channel={one} />
                      ) : null}
                      {one.managed_by === null ? <DeleteChannel channel={one} /> : null}
                    </div>
                  ) : null}
                </div>
              </>
            );
          }}
        </Loaded>
      )}
    </Loaded>
  );
}

interface ChannelPartProps {
  channel: ListedChannel;
  kind: ChannelKindDescription | undefined;
}

function ChannelHead({ channel, kind }: ChannelPartProps) {
  const { org } = useOrg();
  const usage = useUsage();
  return (
    <Answer
      crumb={
        <AppLink to={paths.channels({ org })} className="hover:underline">
          {t.channel.title}
        </AppLink>
      }
      above={
        <>
          <span>{kind?.label ?? channel.kind}</span>
          <State tone={channel.enabled ? 'ok' : 'unknown'}>
            {channel.enabled ? t.channel.on : t.channel.off}
          </State>
          {channel.managed_by === null ? null : <Badge tone="maintenance">{t.channel.environment}</Badge>}
        </>
      }
      sub={
        <>
          <span>{usageWords(channel, usage(channel))}</span>
          <Health channel={channel} />
        </>
      }
    >
      {channel.name}
    </Answer>
  );
}

/** For those who may look but not change. */
function SettingsPanel({ channel, kind }: ChannelPartProps) {
  const { fields } = kind === undefined ? { fields: [] } : fieldsOfChannel(kind, channel);
  return (
    <Panel title={t.channel.settings}>
      <Facts
        facts={[
          ...fields.map((field) => ({
            label: field.title,
            value: <span className="break-all">{configWords(field, channel.config[field.name])}</span>,
          })),
          { label: t.channel.minSeverity, value: t.severity[channel.min_severity] },
          { label: t.channel.escalationOnly, value: channel.escalation_only ? t.state.yes : t.state.no },
        ]}
      />
    </Panel>
  );
}

function EditPanel({ channel, kind }: { channel: ListedChannel; kind: ChannelKindDescription }) {
  const { org } = useOrg();
  const say = useToast();
  const queryClient = useQueryClient();
  // The values at the start of the edit: a message sent in the meantime must not reset the form.
  const [base, setBase] = useState(channel);
  const options = fieldsOfChannel(kind, base);
  const isFixed = base.managed_by !== null;
  const save = useMutation({
    mutationFn: (body: ChannelUpdate) =>
      answered<Channel>(
        api.PUT('/api/v1/{org}/channels/{id}', {
          params: { path: { org, id: base.id } },
          headers: ifMatch(base),
          body,
        }),
      ),
    onSuccess: (saved) => {
      setBase({ ...saved, last_result: channel.last_result });
      say({ tone: 'ok', text: t.channel.saved(saved.name) });
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.of(org, 'channels') }),
  });
  const isBehind = isChangedMeanwhile(save.error);
  return (
    <Panel title={t.channel.settings}>
      {isFixed ? (
        <Notice tone="maintenance" className="mb-5">
          {t.channel.environmentText}
        </Notice>
      ) : null}
      {isBehind ? (
        <div className="mb-5">
          <ChangedMeanwhile
            text={t.channel.changed}
            onReload={() => {
              setBase(channel);
              save.reset();
            }}
          />
        </div>
      ) : null}
      <ChannelForm
        key={base.version}
        initial={draftOfChannel(options, base)}
        options={options}
        isFixed={isFixed}
        error={isBehind ? null : save.error}
        onSubmit={(body) => {
          if (save.isPending) return;
          save.mutate(isFixed ? { ...body, config: base.config, enabled: base.enabled } : body);
        }}
        buttons={
          <Button variant="primary" type="submit" busy={save.isPending}>
            {t.channel.save}
          </Button>
        }
      />
    </Panel>
  );
}
