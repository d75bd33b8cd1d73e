import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ListedRule, Rule, RuleBody } from '@watchkeeper/contracts/rules';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { changeOf, during, type Meanwhile, showMeanwhile } from '../../api/meanwhile';
import { answered, messageOf } from '../../api/problem';
import { ifMatch } from '../../api/versions';
import { useOrg } from '../../app/session';
import { useToast } from '../../app/toast';
import { useUndo } from '../../app/undo';
import { t } from '../../messages';
import type { RuleList } from './queries';

/** The settings of a rule as a write takes them. */
export function bodyOf(rule: Rule): RuleBody {
  const { type, name, kind, config, severity, enabled, auto_resolve, cooldown } = rule;
  const { site, device_type, channels, escalation_rules } = rule;
  return {
    ...{ type, name, kind, config, severity, enabled, auto_resolve, cooldown },
    ...{ site, device_type, channels, escalation_rules },
  };
}

/** Refused with 412 when somebody else wrote in between. */
export function saveRule(org: string, id: string, version: number, body: RuleBody): Promise<Rule> {
  return answered<Rule>(
    api.PUT('/api/v1/{org}/rules/{id}', {
      params: { path: { org, id } },
      headers: ifMatch({ version }),
      body,
    }),
  );
}

/** Switching and deleting: shown at once, rolled back and said so when the server refuses. */
export function useRuleActions() {
  const { org } = useOrg();
  const queryClient = useQueryClient();
  const say = useToast();
  const offerUndo = useUndo();
  const listKey = keys.of(org, 'rules', 'list');

  const inList = (change: (rules: ListedRule[]) => ListedRule[]) =>
    changeOf<RuleList>(listKey, (list) => ({ ...list, data: change(list.data) }));
  const showEnabled = (id: string, enabled: boolean): Promise<Meanwhile> =>
    showMeanwhile(queryClient, [
      inList((rules) => rules.map((rule) => (rule.id === id ? { ...rule, enabled } : rule))),
      changeOf<object>(keys.of(org, 'rule', id), (shown) =>
        'enabled' in shown ? { ...shown, enabled } : shown,
      ),
    ]);
  async function readAgain(): Promise<void> {
    await Promise.all(
      (['rules', 'rule', 'alerts', 'overview'] as const).map((resource) =>
        queryClient.invalidateQueries({ queryKey: keys.of(org, resource) }),
      ),
    );
  }

  const toggle = useMutation({
    mutationFn: ({ rule, enabled }: { rule: Rule; enabled: boolean }) =>
      saveRule(org, rule.id, rule.version, { ...bodyOf(rule), enabled }),
    onMutate: ({ rule, enabled }) => showEnabled(rule.id, enabled),
    onSuccess: (saved, { enabled }, shown) => {
      shown?.keep();
      offerUndo({
        text: enabled ? t.rule.switchedOn(saved.name) : t.rule.switchedOff(saved.name),
        undo: () =>
          during(showEnabled(saved.id, !enabled), async () => {
            await saveRule(org, saved.id, saved.version, { ...bodyOf(saved), enabled: !enabled });
            await readAgain();
          }),
      });
    },
    onError: (error, _, shown) => {
      shown?.undo();
      say({ tone: 'problem', text: `${t.rule.switchFailed} ${messageOf(error)}` });
    },
    onSettled: readAgain,
  });

  /** A deletion cannot be undone, so it is held back until the time for undo is over. */
  async function remove(rule: Rule): Promise<void> {
    const shown = await showMeanwhile(queryClient, [
      inList((rules) => rules.filter((each) => each.id !== rule.id)),
    ]);
    offerUndo({
      text: t.rule.deleted(rule.name),
      undo: shown.undo,
      send: () => {
        void answered(api.DELETE('/api/v1/{org}/rules/{id}', { params: { path: { org, id: rule.id } } }))
          .then(shown.keep)
          .catch((error: unknown) => {
            shown.undo();
            say({ tone: 'problem', text: `${t.rule.deleteFailed} ${messageOf(error)}` });
            return readAgain();
          });
      },
    });
  }

  return { toggle, remove };
}
