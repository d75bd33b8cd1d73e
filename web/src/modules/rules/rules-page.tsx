import { useQuery } from '@tanstack/react-query';
import type { ListedRule } from '@watchkeeper/contracts/rules';
import { AppLink } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { buttonClass } from '../../ui/button';
import { Section } from '../../ui/card';
import { Empty } from '../../ui/empty';
import { PlusIcon } from '../../ui/icons';
import { useLookups } from './lookups';
import { rulesQuery } from './queries';
import { useRuleActions } from './rule-actions';
import { RuleRow } from './rule-row';

export function RulesPage() {
  usePageTitle(t.rule.title);
  const { org, can } = useOrg();
  const rules = useQuery(rulesQuery(org));
  const mayWrite = can('rules:write');
  const add = mayWrite ? (
    <AppLink to={paths.addRule({ org })} className={buttonClass('primary')}>
      <PlusIcon size={16} /> {t.rule.add}
    </AppLink>
  ) : undefined;
  return (
    <Loaded query={rules}>
      {({ data }) => (
        <>
          <Answer
            actions={data.length === 0 ? undefined : add}
            sub={data.length === 0 ? undefined : t.rule.firedSum(firedSum(data))}
          >
            {data.length === 0 ? t.rule.empty : sentenceOf(data)}
          </Answer>
          {data.length === 0 ? (
            <div className="mt-6">
              <Empty title={t.rule.empty} action={add}>
                {t.rule.emptyText}
              </Empty>
            </div>
          ) : (
            <RuleList rules={data} mayWrite={mayWrite} />
          )}
        </>
      )}
    </Loaded>
  );
}

function sentenceOf(rules: readonly ListedRule[]): string {
  const on = rules.filter((rule) => rule.enabled).length;
  return t.rule.sentence(on, rules.length - on);
}

function firedSum(rules: readonly ListedRule[]): number {
  return rules.reduce((sum, rule) => sum + rule.fired.last_7_days, 0);
}

function RuleList({ rules, mayWrite }: { rules: readonly ListedRule[]; mayWrite: boolean }) {
  const { toggle } = useRuleActions();
  const lookups = useLookups();
  return (
    <Section title={t.rule.list}>
      <ul className="overflow-hidden rounded-3 border border-line bg-surface shadow-card">
        {rules.map((rule) => (
          <RuleRow
            key={rule.id}
            rule={rule}
            lookups={lookups}
            onToggle={mayWrite ? (enabled) => toggle.mutate({ rule, enabled }) : undefined}
          />
        ))}
      </ul>
    </Section>
  );
}
