import type { Source, SourceInput } from '@watchkeeper/contracts/sources';
import { keptSecret } from '@watchkeeper/contracts/vocabulary';
import { type Draft, type DraftWords, draftOf, readDraft } from '../../ui/schema-draft';
import { fieldsOfSchema, type SchemaField } from '../../ui/schema-fields';
import { readTimeText, timeText } from '../../ui/time-text';
import { alertAfter, intervalSeconds, sourceDefaults, timeoutSeconds } from './limits';
import type { SourceKind } from './queries';

/** A source as it stands in the form. */
export interface SourceDraft {
  name: string;
  slug: string;
  interval: string;
  timeout: string;
  alertAfter: string;
  site: string;
  enabled: boolean;
  config: Draft;
}

export interface SourceFields {
  fields: readonly SchemaField[];
  secrets: readonly string[];
  /** Secrets that are set already. */
  kept: readonly string[];
  /** Where the source is: whoever changes one of these enters its secrets again. The server has the last word. */
  address: readonly string[];
}

export function fieldsOfSource({ schema, secrets }: SourceKind, source?: Source): SourceFields {
  return {
    // Optional in a write, because it may be kept; without it nothing can be read.
    fields: fieldsOfSchema(schema).map((field) =>
      secrets.includes(field.name) ? { ...field, required: true } : field,
    ),
    secrets,
    kept: secrets.filter((name) => source?.config[name] === keptSecret),
    address: addressFields(schema),
  };
}

export function draftOfSource({ fields, secrets }: SourceFields, source?: Source): SourceDraft {
  return {
    name: source?.name ?? '',
    slug: source?.slug ?? '',
    interval: timeText(source?.interval ?? sourceDefaults.interval, 's'),
    timeout: timeText(source?.timeout ?? sourceDefaults.timeout, 's'),
    alertAfter: String(source?.alert_after_failures ?? sourceDefaults.alertAfter),
    site: source?.site ?? '',
    enabled: source?.enabled ?? true,
    config: draftOf(fields, source?.config ?? {}, { secrets }),
  };
}

/** Fields with the word `address`. */
function addressFields({ properties }: SourceKind['schema']): string[] {
  const fields: [string, unknown][] = Object.entries(properties ?? {});
  const isAddress = (field: unknown) =>
    typeof field === 'object' && field !== null && 'address' in field && field.address === true;
  return fields.filter(([, field]) => isAddress(field)).map(([name]) => name);
}

/** An address with and without its last slash is the same. */
const addressOf = (draft: SourceDraft, name: string) =>
  String(draft.config[name] ?? '')
    .trim()
    .replace(/\/$/, '');

export function hasMoved(
  draft: SourceDraft,
  initial: SourceDraft,
  { address }: Pick<SourceFields, 'address'>,
): boolean {
  return address.some((name) => addressOf(draft, name) !== addressOf(initial, name));
}

export interface SourceDraftWords extends DraftWords {
  nameMissing: string;
  slugMissing: string;
  secretMissing: string;
  secretAgain: string;
}

/** The source as the API takes it, and what stands in the way: `config.…` for the kind's own fields. */
export function readSourceDraft(
  draft: SourceDraft,
  { fields, secrets, kept }: SourceFields,
  words: SourceDraftWords,
  moved = false,
): { body: Omit<SourceInput, 'kind'>; errors: Readonly<Record<string, string>> } {
  const { config, errors: inConfig } = readDraft(fields, draft.config, words, { kept });
  const errors: Record<string, string> = {};
  if (draft.name.trim() === '') errors.name = words.nameMissing;
  if (draft.slug.trim() === '') errors.slug = words.slugMissing;
  for (const [path, message] of Object.entries(inConfig)) errors[`config.${path}`] = message;
  for (const name of secrets) {
    if (config[name] !== undefined) continue;
    if (!kept.includes(name)) errors[`config.${name}`] = words.secretMissing;
    else if (moved) errors[`config.${name}`] = words.secretAgain;
  }
  const numbers = { interval: 0, timeout: 0, alert_after_failures: 0 };
  const take = (name: keyof typeof numbers, outcome: { value: number } | { error: string }): void => {
    if ('error' in outcome) errors[name] = outcome.error;
    else numbers[name] = outcome.value;
  };
  take('interval', readSpan(draft.interval, intervalSeconds, words));
  take('timeout', readSpan(draft.timeout, timeoutSeconds, words));
  take('alert_after_failures', readCount(draft.alertAfter, alertAfter, words));
  return {
    body: {
      slug: draft.slug.trim(),
      name: draft.name.trim(),
      config,
      ...numbers,
      site: draft.site === '' ? null : draft.site,
      enabled: draft.enabled,
    },
    errors,
  };
}

interface Bounds {
  min: number;
  max: number;
}

function readSpan(text: string, { min, max }: Bounds, words: DraftWords) {
  const value = readTimeText(text, 's');
  if (value === undefined) return { error: words.time };
  if (value < min) return { error: words.min(timeText(min, 's')) };
  return value > max ? { error: words.max(timeText(max, 's')) } : { value };
}

function readCount(text: string, { min, max }: Bounds, words: DraftWords) {
  const value = Number(text.trim() === '' ? Number.NaN : text);
  if (!Number.isInteger(value)) return { error: words.whole };
  if (value < min) return { error: words.min(String(min)) };
  return value > max ? { error: words.max(String(max)) } : { value };
}
