import { useQuery } from '@tanstack/react-query';
import type { RuleWithRevisions } from '@watchkeeper/contracts/rules';
import { AppLink, useGo } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { formatDuration, secondMs } from '../../lib/time';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { Button, buttonClass } from '../../ui/button';
import { Panel } from '../../ui/card';
import { Facts } from '../../ui/facts';
import { Choice } from '../../ui/field';
import { Badge, State } from '../../ui/mark';
import { Ago } from '../../ui/moment';
import { Notice } from '../../ui/notice';
import { leavesOf } from '../../ui/schema-fields';
import { Skeleton } from '../../ui/skeleton';
import { toneOfSeverity } from '../../ui/tone';
import { BacktestView } from './backtest-view';
import { useLookups } from './lookups';
import { ruleBacktestQuery, ruleQuery } from './queries';
import { type BacktestRange, backtestRanges, rangeFrom } from './ranges';
import { useRuleActions } from './rule-actions';
import { RuleHistory } from './rule-history';
import { scopeOf } from './rule-row';
import { channelList, configWords, type Lookups, toldWords } from './rule-words';

export function RulePage({ id, days }: { id: string; days: string | undefined }) {
  const { org } = useOrg();
  const rule = useQuery(ruleQuery(org, id));
  usePageTitle(rule.data?.name ?? t.rule.title);
  const lookups = useLookups();
  return (
    <Loaded query={rule}>
      {(data) => (
        <>
          <RuleHead rule={data} lookups={lookups} />
          {data.warnings.length === 0 ? null : (
            <Notice tone="attention" className="mt-6">
              {data.warnings.map((warning) => (
                <p key={warning}>{warning}</p>
              ))}
            </Notice>
          )}
          <div className="mt-6 grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
            <BacktestPanel rule={data} range={rangeFrom(days)} />
            <div className="grid gap-4">
              <RuleFacts rule={data} lookups={lookups} />
              <RuleHistory revisions={data.revisions} lookups={lookups} />
            </div>
          </div>
        </>
      )}
    </Loaded>
  );
}

function RuleHead({ rule, lookups }: { rule: RuleWithRevisions; lookups: Lookups }) {
  const { org } = useOrg();
  const { last_7_days: week, last_30_days: month } = rule.fired;
  return (
    <Answer
      crumb={
        <AppLink to={paths.rules({ org })} className="hover:underline">
          {t.rule.title}
        </AppLink>
      }
      above={
        <>
          <Badge tone={toneOfSeverity(rule.severity)}>{t.severity[rule.severity]}</Badge>
          <State tone={rule.enabled ? 'ok' : 'unknown'}>{rule.enabled ? t.rule.on : t.rule.off}</State>
          <span>{scopeOf(rule, lookups)}</span>
        </>
      }
      sub={
        <>
          <span>{rule.trigger}</span>
          <span>
            {t.rule.fired} {t.rule.firedIn(week, month)}
          </span>
        </>
      }
      actions={<RuleButtons rule={rule} />}
    >
      {rule.name}
    </Answer>
  );
}

function RuleButtons({ rule }: { rule: RuleWithRevisions }) {
  const { org, can } = useOrg();
  const go = useGo();
  const { toggle, remove } = useRuleActions();
  if (!can('rules:write')) return null;
  return (
    <>
      <Button
        variant={rule.enabled ? 'secondary' : 'primary'}
        busy={toggle.isPending}
        onClick={() => toggle.mutate({ rule, enabled: !rule.enabled })}
      >
        {rule.enabled ? t.rule.disable : t.rule.enable}
      </Button>
      <AppLink to={paths.editRule({ org, rule: rule.id })} className={buttonClass()}>
        {t.rule.edit}
      </AppLink>
      <AppLink to={paths.addRule({ org, from: rule.id })} className={buttonClass()}>
        {t.rule.clone}
      </AppLink>
      <Button
        variant="quiet"
        onClick={() => {
          remove(rule);
          go(paths.rules({ org }));
        }}
      >
        {t.rule.delete}
      </Button>
    </>
  );
}

function BacktestPanel({ rule, range }: { rule: RuleWithRevisions; range: BacktestRange }) {
  const { org } = useOrg();
  const go = useGo();
  const backtest = useQuery(ruleBacktestQuery(org, rule, Number(range)));
  return (
    <Panel
      title={t.backtest.title}
      aside={
        <Choice
          label={t.backtest.days}
          hideLabel
          options={backtestRanges.map((value) => ({ value, label: t.backtest.range[value] }))}
          value={range}
          onChange={(days) => go(paths.rule({ org, rule: rule.id, days }), { replace: true })}
        />
      }
    >
      <p className="mb-4 text-1 text-ink-3">{t.backtest.lead}</p>
      <Loaded query={backtest} loading={<Skeleton className="h-72" />}>
        {(data) => <BacktestView backtest={data} />}
      </Loaded>
    </Panel>
  );
}

function RuleFacts({ rule, lookups }: { rule: RuleWithRevisions; lookups: Lookups }) {
  const settings = leavesOf(lookups.fieldsOf(rule.kind)).map((field) => ({
    label: field.title,
    value: configWords(
      field,
      field.path
        .split('.')
        .reduce<unknown>(
          (value, name) =>
            typeof value === 'object' && value !== null
              ? Object.entries(value).find(([key]) => key === name)?.[1]
              : undefined,
          rule.effective_config,
        ),
    ),
  }));
  const escalation = rule.escalation_rules;
  return (
    <Panel title={t.rule.about}>
      <Facts
        facts={[
          { label: t.rule.kind, value: lookups.kindLabel(rule.kind) },
          ...settings,
          { label: t.rule.type, value: <span className="font-mono text-1">{rule.type}</span> },
          { label: t.rule.autoResolve, value: rule.auto_resolve ? t.state.yes : t.state.no },
          { label: t.rule.cooldown, value: formatDuration(rule.cooldown * secondMs) },
          { label: t.rule.channels, value: toldWords(rule.channels, lookups) },
          {
            label: t.rule.escalation,
            value:
              escalation === null
                ? t.rule.noEscalation
                : t.rule.escalationAfter(
                    formatDuration(escalation.escalate_after * secondMs),
                    channelList(escalation.escalate_to_channels, lookups),
                  ),
          },
          {
            label: t.rule.lastFired,
            value:
              rule.fired.last_at === null ? (
                t.rule.neverFired
              ) : (
                <Ago at={rule.fired.last_at} language={t.language} />
              ),
          },
        ]}
      />
    </Panel>
  );
}
