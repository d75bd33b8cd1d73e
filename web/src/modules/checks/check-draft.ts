import type { Check, CheckInput } from '@watchkeeper/contracts/checks';
import { keptSecret } from '@watchkeeper/contracts/vocabulary';
import { type Draft, type DraftWords, draftOf, readDraft } from '../../ui/schema-draft';
import { fieldsOfSchema, type SchemaField } from '../../ui/schema-fields';
import { readTimeText, timeText } from '../../ui/time-text';
import type { CheckKind } from './queries';

/** The five that a check may set for itself, or leave to the type of its device. */
export const settingNames = [
  'interval',
  'timeout',
  'retries',
  'alert_after_failures',
  'recover_after_successes',
] as const;
export type SettingName = (typeof settingNames)[number];
export type Settings = Readonly<Record<SettingName, number>>;

/** Spans of time; the others are whole numbers. */
const timeSettings: readonly SettingName[] = ['interval', 'timeout'];

/** A check as it stands in the form. */
export interface CheckDraft {
  name: string;
  slug: string;
  /** Empty: inherited. */
  settings: Readonly<Record<SettingName, string>>;
  site: string;
  device: string;
  dependsOn: readonly string[];
  enabled: boolean;
  config: Draft;
}

export interface CheckFields {
  fields: readonly SchemaField[];
  secrets: readonly string[];
  /** Secrets that are set already. */
  kept: readonly string[];
}

export function fieldsOfCheck(kind: CheckKind, check?: Check): CheckFields {
  const { secrets, schema } = kind;
  return {
    fields: fieldsOfSchema(schema),
    secrets,
    kept: secrets.filter((name) => check?.config[name] === keptSecret),
  };
}

export function settingText(name: SettingName, value: number): string {
  return timeSettings.includes(name) ? timeText(value, 's') : String(value);
}

export function draftOfCheck({ fields, secrets }: CheckFields, check?: Check): CheckDraft {
  const own = (name: SettingName) => check?.overrides.includes(name) === true;
  return {
    name: check?.name ?? '',
    slug: check?.slug ?? '',
    settings: {
      interval: check !== undefined && own('interval') ? settingText('interval', check.interval) : '',
      timeout: check !== undefined && own('timeout') ? settingText('timeout', check.timeout) : '',
      retries: check !== undefined && own('retries') ? String(check.retries) : '',
      alert_after_failures:
        check !== undefined && own('alert_after_failures') ? String(check.alert_after_failures) : '',
      recover_after_successes:
        check !== undefined && own('recover_after_successes') ? String(check.recover_after_successes) : '',
    },
    site: check?.site ?? '',
    device: check?.device ?? '',
    dependsOn: check?.depends_on ?? [],
    enabled: check?.enabled ?? true,
    config: draftOf(fields, check?.config ?? {}, { secrets }),
  };
}

const limits: Readonly<Record<SettingName, { min: number; max: number }>> = {
  interval: { min: 1, max: 604_800 },
  timeout: { min: 0.05, max: 300 },
  retries: { min: 0, max: 10 },
  alert_after_failures: { min: 1, max: 100 },
  recover_after_successes: { min: 1, max: 100 },
};

function readSetting(
  name: SettingName,
  text: string,
  words: DraftWords,
): { value: number | null } | { error: string } {
  if (text.trim() === '') return { value: null };
  const isTime = timeSettings.includes(name);
  const value = isTime ? readTimeText(text, 's') : Number(text);
  const { min, max } = limits[name];
  if (value === undefined || !Number.isFinite(value)) return { error: isTime ? words.time : words.number };
  if (!isTime && !Number.isInteger(value)) return { error: words.whole };
  if (value < min) return { error: words.min(settingText(name, min)) };
  if (value > max) return { error: words.max(settingText(name, max)) };
  return { value };
}

export interface CheckDraftWords extends DraftWords {
  nameMissing: string;
  slugMissing: string;
}

/** The check as the API takes it, and what stands in the way: `config.…` for the kind's own fields. */
export function readCheckDraft(
  draft: CheckDraft,
  options: CheckFields,
  words: CheckDraftWords,
): { body: Omit<CheckInput, 'kind'>; errors: Readonly<Record<string, string>> } {
  const { config, errors: inConfig } = readDraft(options.fields, draft.config, words, options);
  const errors: Record<string, string> = {};
  if (draft.name.trim() === '') errors.name = words.nameMissing;
  if (draft.slug.trim() === '') errors.slug = words.slugMissing;
  for (const [path, message] of Object.entries(inConfig)) errors[`config.${path}`] = message;
  const settings: Record<SettingName, number | null> = {
    interval: null,
    timeout: null,
    retries: null,
    alert_after_failures: null,
    recover_after_successes: null,
  };
  for (const name of settingNames) {
    const outcome = readSetting(name, draft.settings[name], words);
    if ('error' in outcome) errors[name] = outcome.error;
    else settings[name] = outcome.value;
  }
  return {
    body: {
      slug: draft.slug.trim(),
      name: draft.name.trim(),
      config,
      ...settings,
      site: draft.site === '' || draft.device !== '' ? null : draft.site,
      device: draft.device === '' ? null : draft.device,
      depends_on: [...draft.dependsOn],
      enabled: draft.enabled,
    },
    errors,
  };
}
