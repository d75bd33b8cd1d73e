import type { ChannelKindDescription } from '@watchkeeper/contracts/notifications';
import { Value } from 'typebox/value';
import type { Config } from '#config';
import { AppError, type FieldError, invalidField } from '#platform/errors';
import type { ChannelKind } from './kind.ts';
import * as all from './kinds/all.ts';

export type ChannelConfig = Readonly<Record<string, unknown>>;

export const channelKinds: ReadonlyMap<string, ChannelKind> = new Map(
  Object.values(all).map((kind) => [kind.kind, kind]),
);

/** @throws validation_failed naming the field and the kinds there are. */
export function getChannelKind(name: string): ChannelKind {
  const kind = channelKinds.get(name);
  if (kind === undefined) throw invalidField('kind', `must be one of ${[...channelKinds.keys()].join(', ')}`);
  return kind;
}

/** What forms, docs and the API show of a kind. */
export function describeChannelKind(
  kind: ChannelKind,
  config: Pick<Config, 'email'>,
): ChannelKindDescription {
  const reason = kind.unavailable?.(config);
  return {
    kind: kind.kind,
    label: kind.label,
    help: kind.help,
    schema: toJson(kind.schema),
    secrets: [...kind.secrets],
    generated: Object.keys(kind.generate),
    available: reason === undefined,
    unavailable_reason: reason ?? null,
  };
}

/** A TypeBox schema is a JSON Schema; what JSON drops was never part of it. */
function toJson(schema: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(schema));
}

/** @throws validation_failed or unknown_field, each mistake with its field. */
export function parseChannelConfig(kind: ChannelKind, config: ChannelConfig): ChannelConfig {
  const issues = Value.Errors(kind.schema, config);
  if (issues.length === 0) {
    if (!isWellFormed(config)) throw invalidField('config', 'holds half a character (a lone surrogate)');
    return config;
  }
  const errors: FieldError[] = [];
  for (const issue of issues) {
    const base = issue.instancePath === '' ? 'config' : `config${issue.instancePath.replaceAll('/', '.')}`;
    if (issue.keyword === 'required') {
      for (const name of issue.params.requiredProperties)
        errors.push({ field: `${base}.${name}`, message: 'is required' });
    } else if (issue.keyword === 'additionalProperties') {
      for (const name of issue.params.additionalProperties)
        errors.push({ field: `${base}.${name}`, message: 'is not a known field' });
    } else if (issue.keyword !== 'boolean') {
      errors.push({ field: base, message: issue.message });
    }
  }
  const unknown = issues.some((issue) => issue.keyword === 'additionalProperties');
  const first = errors[0] ?? { field: 'config', message: 'is invalid' };
  throw new AppError(unknown ? 'unknown_field' : 'validation_failed', `${first.field}: ${first.message}.`, {
    errors,
  });
}

/** PostgreSQL keeps no lone surrogate in jsonb. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isWellFormed);
}
