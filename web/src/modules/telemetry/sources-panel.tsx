import { queryOptions, useQuery } from '@tanstack/react-query';
import type { DeviceSource, DeviceSources } from '@watchkeeper/contracts/device-status';
import type { DeviceState } from '@watchkeeper/contracts/telemetry';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered } from '../../api/problem';
import { AppLink } from '../../app/link';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { t } from '../../messages';
import { paths } from '../../paths';
import { asideLinkClass } from '../../ui/button';
import { Panel } from '../../ui/card';
import { State } from '../../ui/mark';
import { Ago } from '../../ui/moment';
import { Skeleton } from '../../ui/skeleton';
import { toneOfDevice } from '../../ui/tone';

/** A word that only repeats itself is not announced, so its age is asked for. */
const pollMs = 10_000;

function sourcesQuery(org: string, device: string) {
  return queryOptions({
    queryKey: keys.of(org, 'checks', 'deviceSources', device),
    queryFn: ({ signal }) =>
      answered<DeviceSources>(
        api.GET('/api/v1/{org}/devices/{device}/sources', { params: { path: { org, device } }, signal }),
      ),
    refetchInterval: pollMs,
  });
}

/** Who says what, since when, and who is believed. */
export function SourcesPanel({ state }: { state: DeviceState }) {
  const { org, can } = useOrg();
  const sources = useQuery(sourcesQuery(org, state.device_id));
  return (
    <Panel
      title={t.deviceView.sources}
      aside={
        can('inventory:write') ? (
          <AppLink to={paths.addCheck({ org, device: state.device_id })} className={asideLinkClass}>
            {t.check.add}
          </AppLink>
        ) : undefined
      }
    >
      <Loaded query={sources} loading={<Skeleton className="h-16" />}>
        {({ data, verdict }) => (
          <div className="grid gap-3">
            <ul className="grid gap-3">
              {data.map((source) => (
                <li key={`${source.witness} ${source.name} ${source.check}`}>
                  <Witness
                    source={source}
                    isBelieved={data.length > 1 && verdict.decided_by === source.name}
                  />
                </li>
              ))}
            </ul>
            {data.length === 1 ? null : (
              <p className="border-t border-line pt-3 text-1 text-ink-2">
                {verdict.disagreement ? (
                  <strong className="font-semibold text-ink">{t.deviceView.sourcesDisagree} </strong>
                ) : null}
                {verdict.reason}
              </p>
            )}
            {state.next_expected_at === null || !state.source.fresh || state.status === 'offline' ? null : (
              <p className="text-1 text-ink-3">
                <Ago at={state.next_expected_at} language={t.language}>
                  {t.deviceView.nextExpected}
                </Ago>
              </p>
            )}
          </div>
        )}
      </Loaded>
    </Panel>
  );
}

function Witness({ source, isBelieved }: { source: DeviceSource; isBelieved: boolean }) {
  const { org } = useOrg();
  const { check, last_observed: seen } = source;
  return (
    <div>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <span className="flex min-w-0 flex-wrap items-baseline gap-x-2 font-medium">
          {check === null ? (
            source.name
          ) : (
            <AppLink to={paths.check({ org, check })} className="text-accent hover:underline">
              {source.name}
            </AppLink>
          )}
          {isBelieved ? (
            <span className="text-1 font-normal text-ink-2">{t.deviceView.sourceBelieved}</span>
          ) : null}
        </span>
        <State tone={source.fresh ? toneOfDevice(source.state) : 'unknown'}>
          {t.deviceStatus[source.state]}
        </State>
      </div>
      <p className="text-1 text-ink-2">{source.words}</p>
      <p className="text-1 text-ink-3">
        {t.deviceView.witness[source.witness]}
        {' · '}
        {seen === null ? (
          t.deviceView.sourceNever
        ) : (
          <>
            {source.fresh ? t.deviceView.sourceFresh : t.deviceView.sourceStale},{' '}
            <Ago at={seen} language={t.language} />
          </>
        )}
      </p>
    </div>
  );
}
