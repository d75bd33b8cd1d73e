import type { ListedRule, RuleBody, RuleTemplate } from '@watchkeeper/contracts/rules';
import type { Severity } from '@watchkeeper/contracts/vocabulary';
import { type Draft, type DraftWords, draftOf, readDraft } from '../../ui/schema-draft';
import type { SchemaField } from '../../ui/schema-fields';
import { readTimeText, timeText } from '../../ui/time-text';

/** A rule as it stands in the form. */
export interface RuleDraft {
  name: string;
  kind: string;
  type: string;
  severity: Severity;
  autoResolve: boolean;
  cooldown: string;
  /** Empty: everywhere. */
  site: string;
  deviceType: string;
  /** The channels that it tells; empty: all. */
  channels: readonly string[];
  escalates: boolean;
  escalateAfter: string;
  escalateTo: readonly string[];
  config: Draft;
}

const cooldownSecondsDefault = 300;
const escalateSecondsDefault = 900;

type Source = Pick<
  ListedRule,
  'name' | 'kind' | 'type' | 'severity' | 'auto_resolve' | 'cooldown' | 'config'
> &
  Partial<Pick<ListedRule, 'site' | 'device_type' | 'channels' | 'escalation_rules'>>;

export function draftOfRule(source: Source, fields: readonly SchemaField[]): RuleDraft {
  const escalation = source.escalation_rules ?? null;
  return {
    name: source.name,
    kind: source.kind,
    type: source.type,
    severity: source.severity,
    autoResolve: source.auto_resolve,
    cooldown: timeText(source.cooldown, 's'),
    site: source.site ?? '',
    deviceType: source.device_type ?? '',
    channels: source.channels ?? [],
    escalates: escalation !== null,
    escalateAfter: timeText(escalation?.escalate_after ?? escalateSecondsDefault, 's'),
    escalateTo: escalation?.escalate_to_channels ?? [],
    config: draftOf(fields, source.config),
  };
}

/** A rule of a kind, without a name yet. */
export function emptyRule(kind: string): Omit<RuleTemplate, 'trigger'> {
  return {
    name: '',
    kind,
    type: '',
    severity: 'medium',
    auto_resolve: true,
    cooldown: cooldownSecondsDefault,
    config: {},
  };
}

export interface RuleDraftWords extends DraftWords {
  nameMissing: string;
  typeInvalid: string;
}

const typePattern = /^[a-z][a-z0-9_]{0,62}$/;

/** Settings as the API takes them, and what stands in the way: `config.…` for the kind's own fields. */
export function readRuleDraft(
  draft: RuleDraft,
  fields: readonly SchemaField[],
  words: RuleDraftWords,
): { body: Omit<RuleBody, 'enabled'>; errors: Readonly<Record<string, string>> } {
  const { config, errors: inConfig } = readDraft(fields, draft.config, words);
  const cooldown = readTimeText(draft.cooldown, 's');
  const after = readTimeText(draft.escalateAfter, 's');
  const type = draft.type.trim();
  const errors: Record<string, string> = {};
  if (draft.name.trim() === '') errors.name = words.nameMissing;
  for (const [path, message] of Object.entries(inConfig)) errors[`config.${path}`] = message;
  if (type !== '' && !typePattern.test(type)) errors.type = words.typeInvalid;
  if (cooldown === undefined) errors.cooldown = words.time;
  if (draft.escalates && after === undefined) errors['escalation_rules.escalate_after'] = words.time;
  const body = {
    name: draft.name.trim(),
    kind: draft.kind,
    config,
    severity: draft.severity,
    auto_resolve: draft.autoResolve,
    cooldown: cooldown ?? cooldownSecondsDefault,
    site: draft.site === '' ? null : draft.site,
    device_type: draft.deviceType === '' ? null : draft.deviceType,
    channels: [...draft.channels],
    escalation_rules: draft.escalates
      ? { escalate_after: after ?? escalateSecondsDefault, escalate_to_channels: [...draft.escalateTo] }
      : null,
    ...(type === '' ? {} : { type }),
  };
  return { body, errors };
}
