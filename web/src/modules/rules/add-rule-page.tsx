import { useQuery } from '@tanstack/react-query';
import type { RuleKindList } from '@watchkeeper/contracts/rules';
import type { ReactNode } from 'react';
import { AppLink } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { Section } from '../../ui/card';
import { Badge } from '../../ui/mark';
import { Notice } from '../../ui/notice';
import { fieldsOfSchema } from '../../ui/schema-fields';
import { toneOfSeverity } from '../../ui/tone';
import { NewRule } from './new-rule';
import { ruleKindsQuery, ruleQuery } from './queries';
import { draftOfRule, emptyRule } from './rule-draft';

interface AddRulePageProps {
  template: string | undefined;
  kind: string | undefined;
  /** The rule to clone. */
  from: string | undefined;
}

export function AddRulePage({ template, kind, from }: AddRulePageProps) {
  usePageTitle(t.rule.add);
  const { org, can } = useOrg();
  const kinds = useQuery(ruleKindsQuery(org));
  const crumb = (
    <AppLink to={paths.rules({ org })} className="hover:underline">
      {t.rule.title}
    </AppLink>
  );
  if (!can('rules:write')) {
    return (
      <>
        <Answer crumb={crumb}>{t.rule.add}</Answer>
        <Notice tone="unknown" className="mt-6">
          {t.state.noPermission('rules:write')}
        </Notice>
      </>
    );
  }
  return (
    <Loaded query={kinds}>
      {(list) => {
        if (from !== undefined) return <Clone list={list} rule={from} crumb={crumb} />;
        const source =
          list.templates.find((each) => each.type === template) ??
          (list.data.some((each) => each.kind === kind) ? emptyRule(kind ?? '') : undefined);
        if (source === undefined) return <StartFrom list={list} crumb={crumb} />;
        const fields = fieldsOf(list, source.kind);
        return (
          <NewRule
            key={`${template} ${kind}`}
            crumb={crumb}
            kind={list.data.find((each) => each.kind === source.kind)}
            fields={fields}
            initial={draftOfRule(source, fields)}
          />
        );
      }}
    </Loaded>
  );
}

function fieldsOf(list: RuleKindList, kind: string) {
  return fieldsOfSchema(list.data.find((each) => each.kind === kind)?.schema ?? {});
}

function Clone({ list, rule, crumb }: { list: RuleKindList; rule: string; crumb: ReactNode }) {
  const { org } = useOrg();
  const source = useQuery(ruleQuery(org, rule));
  return (
    <Loaded query={source}>
      {(data) => {
        const fields = fieldsOf(list, data.kind);
        return (
          <NewRule
            crumb={crumb}
            kind={list.data.find((each) => each.kind === data.kind)}
            fields={fields}
            initial={draftOfRule({ ...data, name: t.rule.cloneName(data.name) }, fields)}
          />
        );
      }}
    </Loaded>
  );
}

const cardClass =
  'grid content-start gap-1 rounded-3 border border-line bg-surface p-4 shadow-card hover:border-accent';

/** Templates first: most rules are one of them with another number. */
function StartFrom({ list, crumb }: { list: RuleKindList; crumb: ReactNode }) {
  const { org } = useOrg();
  return (
    <>
      <Answer crumb={crumb} sub={t.rule.startLead}>
        {t.rule.startTitle}
      </Answer>
      <Section title={t.rule.templates}>
        <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
          {list.templates.map((template) => (
            <li key={template.type} className="grid">
              <AppLink to={paths.addRule({ org, template: template.type })} className={cardClass}>
                <span className="flex flex-wrap items-center gap-2 font-semibold">
                  {template.name}
                  <Badge tone={toneOfSeverity(template.severity)}>{t.severity[template.severity]}</Badge>
                </span>
                <span className="text-2 text-ink-2">{template.trigger}</span>
              </AppLink>
            </li>
          ))}
        </ul>
      </Section>
      <Section title={t.rule.kinds}>
        <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
          {list.data.map((kind) => (
            <li key={kind.kind} className="grid">
              <AppLink to={paths.addRule({ org, kind: kind.kind })} className={cardClass}>
                <span className="font-semibold">{kind.label}</span>
                <span className="text-2 text-ink-2">{kind.help}</span>
              </AppLink>
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}
