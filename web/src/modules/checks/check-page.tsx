import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Check } from '@watchkeeper/contracts/checks';
import { siteQuery } from '../../api/queries/inventory';
import { useCommand } from '../../app/commands';
import { AppLink, useGo } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { useChosenZone } from '../../lib/preferences';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { Button, buttonClass } from '../../ui/button';
import { Panel } from '../../ui/card';
import { Badge, State } from '../../ui/mark';
import { Ago, Lasting } from '../../ui/moment';
import { AlertCards } from '../alerting/alert-cards';
import { alertsQuery } from '../alerting/queries';
import { RunningMaintenance } from '../maintenance/running-maintenance';
import { stateQuery } from '../telemetry/queries';
import { ChecksCrumb } from './add-check-page';
import { useCheckActions, useRunNow } from './check-actions';
import { CheckFacts } from './check-facts';
import { isAwaited, isByServer, toneOfCheck, wordOfCheck } from './check-tone';
import { PingAddress, PingFacts, PingLog } from './ping-panel';
import { checkQuery } from './queries';
import { ResultsPanel } from './results-panel';
import { RunPanel } from './run-panel';
import { RunsPanel } from './runs-panel';
import { TimingsPanel } from './timings-panel';
import { UptimePanel } from './uptime-panel';
import { useCheckNames } from './use-names';

export function CheckPage({ slug }: { slug: string }) {
  const { org } = useOrg();
  const check = useQuery(checkQuery(org, slug));
  usePageTitle(check.data?.name ?? t.check.title);
  return <Loaded query={check}>{(data) => <CheckView check={data} />}</Loaded>;
}

function CheckView({ check }: { check: Check }) {
  const { org } = useOrg();
  const run = useRunNow(check.slug);
  const alerts = useInfiniteQuery(alertsQuery(org, { show: 'active', site: undefined, check: check.id }));
  const open = alerts.data?.pages.flatMap((page) => page.data) ?? [];
  const site = useQuery({ ...siteQuery(org, check.site ?? ''), enabled: check.site !== null });
  const device = useQuery({ ...stateQuery(org, check.device ?? ''), enabled: check.device !== null });
  const timeZone = useChosenZone(site.data?.timezone);
  return (
    <>
      <CheckHead check={check} run={run} />
      <RunningMaintenance
        site={check.site}
        device={check.device}
        area={device.data?.area?.slug}
        type={device.data?.type}
        check={check.slug}
      />
      <RunPanel check={check} run={run} />
      {open.length === 0 ? null : (
        <div className="mt-6">
          <AlertCards alerts={open} title={t.check.alerts} />
        </div>
      )}
      <div className="mt-6 grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="grid min-w-0 grid-cols-1 gap-4">
          {isAwaited(check) ? (
            <>
              <PingAddress check={check} />
              <UptimePanel check={check.slug} />
              <RunsPanel check={check.slug} timeZone={timeZone} />
              <PingLog check={check.slug} timeZone={timeZone} />
            </>
          ) : (
            <>
              <UptimePanel check={check.slug} />
              <RunsPanel check={check.slug} timeZone={timeZone} />
              <TimingsPanel check={check.slug} timeZone={timeZone} />
              <ResultsPanel check={check.slug} timeZone={timeZone} />
            </>
          )}
        </div>
        <div className="grid grid-cols-1 gap-4">
          {check.ping === null ? null : (
            <Panel title={t.check.ping.standing}>
              <PingFacts ping={check.ping} />
            </Panel>
          )}
          <CheckFacts check={check} />
        </div>
      </div>
    </>
  );
}

interface HeadProps {
  check: Check;
  run: ReturnType<typeof useRunNow>;
}

function CheckHead({ check, run }: HeadProps) {
  const { kind } = useCheckNames();
  const { state } = check;
  return (
    <Answer
      crumb={<ChecksCrumb />}
      above={
        <>
          <State tone={toneOfCheck(check)}>
            {check.enabled ? (
              <Lasting at={state.since} language={t.language} coarse>
                {(duration) => t.check.statusFor(wordOfCheck(check), duration)}
              </Lasting>
            ) : (
              t.check.off
            )}
          </State>
          <span>{kind(check.kind)}</span>
          {isByServer(check) ? <Badge tone="maintenance">{t.check.byServer}</Badge> : null}
        </>
      }
      sub={<Since check={check} />}
      actions={<CheckButtons check={check} run={run} />}
    >
      {sentenceOf(check)}
    </Answer>
  );
}

function sentenceOf({ name, enabled, state }: Check): string {
  return enabled ? t.check[state.status](name) : t.check.isOff(name);
}

/** Why it is as it is, when it was looked at, and when it will be again; with room for longer ages. */
function Since({ check }: { check: Check }) {
  const { state } = check;
  const reason = state.reason ?? state.last_result?.reason;
  const isFailing = state.consecutive_failures > 0;
  return (
    <>
      {reason === undefined ? null : <span>{reason}</span>}
      {isFailing ? (
        <span>{t.check.failures(state.consecutive_failures, check.alert_after_failures)}</span>
      ) : null}
      {state.last_result === null ? null : (
        <span className="min-w-36 tabular-nums">
          <Ago at={state.last_result.at} language={t.language}>
            {isAwaited(check) ? t.check.lastPing : t.check.lastResult}
          </Ago>
        </span>
      )}
      {state.next_due_at === null || isAwaited(check) ? null : (
        <span className="min-w-28 tabular-nums">
          <Ago at={state.next_due_at} language={t.language}>
            {t.check.nextRun}
          </Ago>
        </span>
      )}
    </>
  );
}

function CheckButtons({ check, run }: HeadProps) {
  const { org, can } = useOrg();
  const go = useGo();
  const { toggle, remove } = useCheckActions();
  const source = sourceOf(check);
  const mayRun = can('alerts:operate') && !isAwaited(check);
  const runNow = (): void => {
    if (!run.isPending) run.mutate();
  };
  useCommand({ id: 'run-check', label: t.check.run, keys: 'r', run: runNow }, mayRun);
  return (
    <>
      {mayRun ? (
        <Button variant="primary" busy={run.isPending} onClick={runNow} shortcut="r">
          {t.check.run}
        </Button>
      ) : null}
      {source === null ? null : (
        <AppLink to={paths.source({ org, source })} className={buttonClass()}>
          {t.check.openSource}
        </AppLink>
      )}
      {can('inventory:write') && source === null ? (
        <>
          <AppLink to={paths.editCheck({ org, check: check.slug })} className={buttonClass()}>
            {t.check.edit}
          </AppLink>
          {isByServer(check) ? null : (
            <Button busy={toggle.isPending} onClick={() => toggle.mutate({ check, enabled: !check.enabled })}>
              {check.enabled ? t.check.switchOff : t.check.switchOn}
            </Button>
          )}
          {isByServer(check) && check.enabled ? null : (
            <Button
              variant="quiet"
              onClick={() => {
                remove(check);
                go(paths.checks({ org }));
              }}
            >
              {t.check.delete}
            </Button>
          )}
        </>
      ) : null}
    </>
  );
}

/** The source whose reading this check is: it is changed and deleted there. */
function sourceOf({ kind, config }: Check): string | null {
  return kind === 'source' && typeof config.source === 'string' ? config.source : null;
}
