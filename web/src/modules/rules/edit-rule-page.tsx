import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Rule, RuleBody, RuleKindList, RuleWithRevisions } from '@watchkeeper/contracts/rules';
import { useState } from 'react';
import { keys } from '../../api/keys';
import { isChangedMeanwhile } from '../../api/versions';
import { AppLink, useGo } from '../../app/link';
import { usePageTitle } from '../../app/page-title';
import { useOrg } from '../../app/session';
import { Loaded } from '../../app/states';
import { useToast } from '../../app/toast';
import { t } from '../../messages';
import { paths } from '../../paths';
import { Answer } from '../../ui/answer';
import { Button, buttonClass } from '../../ui/button';
import { Notice } from '../../ui/notice';
import { fieldsOfSchema } from '../../ui/schema-fields';
import { mergeBodies } from './merge';
import { MergeQuestion } from './merge-question';
import { ruleKindsQuery, ruleQuery } from './queries';
import { bodyOf, saveRule } from './rule-actions';
import { draftOfRule } from './rule-draft';
import { RuleForm } from './rule-form';

export function EditRulePage({ id }: { id: string }) {
  const { org, can } = useOrg();
  const rule = useQuery(ruleQuery(org, id));
  const kinds = useQuery(ruleKindsQuery(org));
  usePageTitle(rule.data === undefined ? t.rule.edit : t.rule.editTitle(rule.data.name));
  if (!can('rules:write')) return <Notice tone="unknown">{t.state.noPermission('rules:write')}</Notice>;
  return (
    <Loaded query={kinds}>
      {(list) => <Loaded query={rule}>{(data) => <EditRule current={data} list={list} />}</Loaded>}
    </Loaded>
  );
}

interface EditRuleProps {
  /** As it is on the server now; it may run ahead of what was opened. */
  current: RuleWithRevisions;
  list: RuleKindList;
}

function EditRule({ current, list }: EditRuleProps) {
  const { org } = useOrg();
  const go = useGo();
  const say = useToast();
  const queryClient = useQueryClient();
  // The values at the start of the edit: the stream may bring newer versions during it.
  const [base, setBase] = useState<Rule>(current);
  const kind = list.data.find((each) => each.kind === base.kind);
  const fields = fieldsOfSchema(kind?.schema ?? {});
  const [draft, setDraft] = useState(() => draftOfRule(base, fields));
  const [refused, setRefused] = useState<RuleBody>();
  const save = useMutation({
    mutationFn: ({ body, version }: { body: RuleBody; version: number }) =>
      saveRule(org, base.id, version, body),
    onSuccess: (saved) => {
      void queryClient.invalidateQueries({ queryKey: keys.of(org, 'rules') });
      void queryClient.invalidateQueries({ queryKey: keys.of(org, 'rule', base.id) });
      say({ tone: 'ok', text: t.rule.saved(saved.name) });
      go(paths.rule({ org, rule: base.id }));
    },
    onError: (error, { body }) => {
      if (!isChangedMeanwhile(error)) return;
      setRefused(body);
      void queryClient.invalidateQueries({ queryKey: keys.of(org, 'rule', base.id) });
    },
  });

  function startOver(): void {
    setBase(current);
    setDraft(
      draftOfRule(
        current,
        fieldsOfSchema(list.data.find((each) => each.kind === current.kind)?.schema ?? {}),
      ),
    );
    setRefused(undefined);
    save.reset();
  }

  const ahead = refused !== undefined && current.version !== base.version;
  return (
    <>
      <Answer
        crumb={
          <AppLink to={paths.rule({ org, rule: base.id })} className="hover:underline">
            {base.name}
          </AppLink>
        }
        sub={kind?.help}
      >
        {t.rule.editTitle(base.name)}
      </Answer>
      {ahead ? (
        <MergeQuestion
          base={base}
          theirs={current}
          mine={refused}
          busy={save.isPending}
          onMine={() =>
            save.mutate({
              body: mergeBodies(bodyOf(base), bodyOf(current), refused),
              version: current.version,
            })
          }
          onTheirs={startOver}
        />
      ) : null}
      <RuleForm
        draft={draft}
        onChange={setDraft}
        kind={kind}
        fields={fields}
        error={ahead ? null : save.error}
        buttons={(submit) => (
          <>
            <Button
              variant="primary"
              busy={save.isPending}
              onClick={() =>
                submit((body) =>
                  save.mutate({ body: { ...body, enabled: base.enabled }, version: base.version }),
                )
              }
            >
              {t.rule.save}
            </Button>
            <AppLink to={paths.rule({ org, rule: base.id })} className={buttonClass('quiet')}>
              {t.action.cancel}
            </AppLink>
          </>
        )}
      />
    </>
  );
}
