import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Rule, RuleBody, RuleKindDescription } from '@watchkeeper/contracts/rules';
import { type ReactNode, useState } from 'react';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { answered } from '../../api/problem';
import { AppLink, useGo } from '../../app/link';
import { useOrg } from '../../app/session';
import { useToast } from '../../app/toast';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { Button, buttonClass } from '../../ui/button';
import type { SchemaField } from '../../ui/schema-fields';
import type { RuleDraft } from './rule-draft';
import { RuleForm } from './rule-form';

interface NewRuleProps {
  crumb: ReactNode;
  kind: RuleKindDescription | undefined;
  fields: readonly SchemaField[];
  initial: RuleDraft;
}

export function NewRule({ crumb, kind, fields, initial }: NewRuleProps) {
  const { org } = useOrg();
  const go = useGo();
  const say = useToast();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(initial);
  const create = useMutation({
    mutationFn: (body: RuleBody) =>
      answered<Rule>(api.POST('/api/v1/{org}/rules', { params: { path: { org } }, body })),
    onSuccess: (rule) => {
      void queryClient.invalidateQueries({ queryKey: keys.of(org, 'rules') });
      say({ tone: 'ok', text: t.rule.created(rule.name) });
      go(paths.rule({ org, rule: rule.id }));
    },
  });
  return (
    <>
      <Answer crumb={crumb} sub={kind?.help}>
        {draft.name.trim() === '' ? t.rule.formTitle : draft.name}
      </Answer>
      <RuleForm
        draft={draft}
        onChange={setDraft}
        kind={kind}
        fields={fields}
        error={create.error}
        buttons={(submit) => (
          <>
            <Button
              variant="primary"
              busy={create.isPending}
              onClick={() => submit((body) => create.mutate({ ...body, enabled: true }))}
            >
              {t.rule.saveOn}
            </Button>
            <Button
              busy={create.isPending}
              onClick={() => submit((body) => create.mutate({ ...body, enabled: false }))}
            >
              {t.rule.saveOff}
            </Button>
            <AppLink to={paths.rules({ org })} className={buttonClass('quiet')}>
              {t.action.cancel}
            </AppLink>
          </>
        )}
      />
    </>
  );
}
