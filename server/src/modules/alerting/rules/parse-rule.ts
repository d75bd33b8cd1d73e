import {
  durationSeconds,
  groupWindowSecondsMax,
  type RuleBody,
  type RuleGrouping,
} from '@watchkeeper/contracts';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { invalidField } from '#platform/errors';
import type { RuleKind } from '../kind.ts';
import { ruleKinds } from '../registry.ts';
import type { WholeRule } from './read-body.ts';
import { requireChannels } from './rule-channels.ts';
import { escalationKeeper, type RuleEscalation, type WrittenEscalation } from './rule-escalation.ts';
import { findPlace, type RuleRow, type RuleValues, type StoredGrouping } from './store.ts';

const cooldownSecondsMax = 30 * 86_400;
const defaultCooldownSeconds = 300;

/** The place where a rule is written, and its previous values. */
export interface RulePlace {
  readonly ctx: Pick<Ctx, 'parts'>;
  readonly tx: Tx;
  readonly organizationId: string;
  readonly before?: Pick<RuleRow, 'channels' | 'escalation'> | undefined;
}

/** Turns a rule as an operator wrote it into values to store. @throws validation_failed naming the field */
export async function parseRule(where: RulePlace, body: WholeRule): Promise<RuleValues> {
  const { tx, organizationId } = where;
  const kind = ruleKinds.get(body.kind);
  const place = await parsePlace(tx, organizationId, kind, body);
  return {
    type: body.type ?? kind.kind,
    name: body.name.trim(),
    kind: kind.kind,
    config: ruleKinds.parse(kind, body.config),
    severity: body.severity ?? 'medium',
    enabled: body.enabled ?? true,
    autoResolve: body.auto_resolve ?? true,
    cooldownSeconds: parseSeconds('cooldown', body.cooldown ?? defaultCooldownSeconds, cooldownSecondsMax),
    channels: await parseChannels(where, body.channels ?? []),
    grouping: parseGrouping(body.grouping ?? null),
    runbookUrl: body.runbook_url ?? null,
    escalation: await parseEscalation(where, body.escalation),
    ...place,
  };
}

export async function parsePlace(
  tx: Tx,
  organizationId: string,
  kind: RuleKind,
  body: Pick<RuleBody, 'site' | 'device_type'>,
): Promise<{ siteId: string | null; deviceTypeId: string | null }> {
  const site = body.site ?? null;
  const deviceType = body.device_type ?? null;
  if (deviceType !== null && kind.wakesOn !== 'heartbeats') {
    throw invalidField('device_type', `works only for rules about devices, and "${kind.kind}" is about more`);
  }
  const siteId = site === null ? null : await findPlace(tx, 'site', organizationId, site);
  if (siteId === undefined) throw invalidField('site', `there is no site "${site}"`);
  const deviceTypeId =
    deviceType === null ? null : await findPlace(tx, 'device type', organizationId, deviceType);
  if (deviceTypeId === undefined)
    throw invalidField('device_type', `there is no device type "${deviceType}"`);
  return { siteId, deviceTypeId };
}

function parseGrouping(written: RuleGrouping | null): StoredGrouping | null {
  const { by = null, window = null } = written ?? {};
  if (by === null && window === null) return null;
  return {
    ...(by === null ? {} : { by }),
    ...(window === null
      ? {}
      : { window_seconds: parseSeconds('grouping.window', window, groupWindowSecondsMax) }),
  };
}

export function parseSeconds(field: string, duration: number | string, secondsMax: number): number {
  const seconds = durationSeconds(duration);
  if (seconds > secondsMax) throw invalidField(field, `must be at most ${secondsMax / 86_400} days`);
  return seconds;
}

async function parseChannels(where: RulePlace, channels: readonly string[]): Promise<readonly string[]> {
  await requireChannels(where, 'channels', channels, where.before?.channels ?? []);
  return channels;
}

async function parseEscalation(where: RulePlace, written: WrittenEscalation): Promise<RuleEscalation | null> {
  const before = where.before?.escalation ?? null;
  const escalation = escalationKeeper(where.ctx).parse(written, before);
  await requireChannels(
    where,
    'escalation_rules.escalate_to_channels',
    escalation?.escalate_to_channels ?? [],
    before?.escalate_to_channels ?? [],
  );
  return escalation;
}
