import { formatDuration, secondMs } from '../../lib/time';
import { t } from '../../messages';
import { leavesOf, type SchemaField } from '../../ui/schema-fields';
import { unitMs } from '../../ui/time-text';

/** Names of what a rule refers to. */
export interface Lookups {
  fieldsOf: (kind: string) => readonly SchemaField[];
  kindLabel: (kind: string) => string;
  /** By slug or id; undefined: gone. */
  site: (reference: string) => string | undefined;
  deviceType: (reference: string) => string | undefined;
  channel: (word: string) => string | undefined;
}

export interface Change {
  field: string;
  label: string;
  from: string;
  to: string;
}

type Values = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function named(
  reference: unknown,
  find: (reference: string) => string | undefined,
  everywhere: string,
): string {
  if (typeof reference !== 'string') return everywhere;
  return find(reference) ?? t.rule.gone;
}

/** Names of channels as a list; nothing for none. */
export function channelList(words: unknown, { channel }: Lookups): string {
  return Array.isArray(words) ? words.map((word) => channel(String(word)) ?? t.rule.gone).join(', ') : '';
}

export function toldWords(words: unknown, lookups: Lookups): string {
  const list = channelList(words, lookups);
  return list === '' ? t.rule.allChannels : list;
}

function escalationWords(value: unknown, lookups: Lookups): string {
  if (!isRecord(value)) return t.rule.noEscalation;
  const channels = channelList(value.escalate_to_channels, lookups);
  return t.rule.escalationAfter(formatDuration(Number(value.escalate_after) * secondMs), channels);
}

/** The parts of a rule outside its config: label and words, in the order in which people ask. */
const settings: readonly {
  fields: readonly string[];
  label: () => string;
  words: (value: unknown, lookups: Lookups) => string;
}[] = [
  { fields: ['name'], label: () => t.rule.name, words: String },
  {
    fields: ['enabled'],
    label: () => t.rule.enabled,
    words: (value) => (value === true ? t.state.yes : t.state.no),
  },
  { fields: ['kind'], label: () => t.rule.kind, words: (value, { kindLabel }) => kindLabel(String(value)) },
  { fields: ['severity'], label: () => t.rule.severity, words: (value) => severityWords(value) },
  {
    fields: ['site_id', 'site'],
    label: () => t.rule.site,
    words: (value, { site }) => named(value, site, t.rule.everywhere),
  },
  {
    fields: ['device_type_id', 'device_type'],
    label: () => t.rule.deviceType,
    words: (value, { deviceType }) => named(value, deviceType, t.rule.allDeviceTypes),
  },
  {
    fields: ['auto_resolve'],
    label: () => t.rule.autoResolve,
    words: (value) => (value === true ? t.state.yes : t.state.no),
  },
  {
    fields: ['cooldown'],
    label: () => t.rule.cooldown,
    words: (value) => formatDuration(Number(value) * secondMs),
  },
  { fields: ['channels'], label: () => t.rule.channels, words: toldWords },
  { fields: ['escalation_rules'], label: () => t.rule.escalation, words: escalationWords },
  { fields: ['type'], label: () => t.rule.type, words: String },
];

function severityWords(value: unknown): string {
  return Object.entries(t.severity).find(([name]) => name === value)?.[1] ?? String(value);
}

function at(config: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), config);
}

export function configWords(field: SchemaField, value: unknown): string {
  const { shape } = field;
  // A number that is left open follows the server; a word that is left open leaves nothing out.
  if (value === null) return shape.type === 'number' ? t.rule.fromEnvironment : t.rule.any;
  if (value === undefined || value === '') return t.rule.nothing;
  if (shape.type === 'switch') return value === true ? t.state.yes : t.state.no;
  if (shape.type === 'choice')
    return shape.options.find((option) => option.value === String(value))?.label ?? String(value);
  if (shape.type === 'number' && typeof value === 'number') {
    const ms = shape.unit === undefined ? undefined : unitMs(shape.unit);
    if (ms !== undefined) return formatDuration(value * ms);
    return shape.unit === undefined ? String(value) : `${value} ${shape.unit}`;
  }
  return Array.isArray(value) ? value.join(', ') : String(value);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/** The differences between two versions of a rule, setting by setting. */
export function changesInWords(before: Values, after: Values, lookups: Lookups): Change[] {
  const changes: Change[] = settings.flatMap(({ fields, label, words }) => {
    const field = fields.find((name) => name in before && name in after);
    if (field === undefined || same(before[field], after[field])) return [];
    return [{ field, label: label(), from: words(before[field], lookups), to: words(after[field], lookups) }];
  });
  const kind = String(after.kind);
  if (before.kind !== after.kind) return changes;
  for (const field of leavesOf(lookups.fieldsOf(kind))) {
    const from = at(before.config, field.path);
    const to = at(after.config, field.path);
    if (same(from, to)) continue;
    changes.push({
      field: `config.${field.path}`,
      label: field.title,
      from: configWords(field, from),
      to: configWords(field, to),
    });
  }
  return changes;
}
