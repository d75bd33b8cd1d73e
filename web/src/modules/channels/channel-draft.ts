import type {
  ChannelCreate,
  ChannelKindDescription,
  ListedChannel,
} from '@watchkeeper/contracts/notifications';
import { keptSecret, type Severity } from '@watchkeeper/contracts/vocabulary';
import { type Draft, type DraftWords, draftOf, readDraft } from '../../ui/schema-draft';
import { fieldsOfSchema, type SchemaField } from '../../ui/schema-fields';

/** A channel as it stands in the form. */
export interface ChannelDraft {
  name: string;
  minSeverity: Severity;
  escalationOnly: boolean;
  enabled: boolean;
  config: Draft;
}

export interface ChannelFields {
  fields: readonly SchemaField[];
  secrets: readonly string[];
  generated: readonly string[];
  /** Secrets that are set already. */
  kept: readonly string[];
}

export function fieldsOfChannel(kind: ChannelKindDescription, channel?: ListedChannel): ChannelFields {
  const { secrets, generated, schema } = kind;
  const kept = secrets.filter((name) => channel?.config[name] === keptSecret);
  return { fields: fieldsOfSchema(schema), secrets, generated: kept.length === 0 ? generated : [], kept };
}

export function draftOfChannel({ fields, secrets }: ChannelFields, channel?: ListedChannel): ChannelDraft {
  return {
    name: channel?.name ?? '',
    minSeverity: channel?.min_severity ?? 'low',
    escalationOnly: channel?.escalation_only ?? false,
    enabled: channel?.enabled ?? true,
    config: draftOf(fields, channel?.config ?? {}, { secrets }),
  };
}

export function readChannelDraft(
  draft: ChannelDraft,
  options: ChannelFields,
  words: DraftWords & { nameMissing: string },
): { body: Omit<ChannelCreate, 'kind'>; errors: Readonly<Record<string, string>> } {
  const { config, errors: inConfig } = readDraft(options.fields, draft.config, words, options);
  const errors: Record<string, string> = {};
  if (draft.name.trim() === '') errors.name = words.nameMissing;
  for (const [path, message] of Object.entries(inConfig)) errors[`config.${path}`] = message;
  return {
    body: {
      name: draft.name.trim(),
      config,
      min_severity: draft.minSeverity,
      enabled: draft.enabled,
      escalation_only: draft.escalationOnly,
    },
    errors,
  };
}
