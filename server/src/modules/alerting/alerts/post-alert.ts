import { createHash } from 'node:crypto';
import { type Alert, type AlertBody, type Severity, severities } from '@watchkeeper/contracts';
import { numberWords } from '@watchkeeper/contracts/figures';
import { toInstant } from '@watchkeeper/contracts/instant';
import { oneLine } from '@watchkeeper/contracts/text';
import { audit, requirePermission, type Scope } from '#modules/identity';
import { lockDeviceStates } from '#modules/telemetry';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { AppError, invalidField, notFound } from '#platform/errors';
import { lockJudging } from '../detection/detection-store.ts';
import { rewatchDevices } from '../detection/watch-devices.ts';
import { external, openMaxOf } from '../kinds/external.ts';
import { plantTemplates } from '../rules/seed-rules.ts';
import { findPlace } from '../rules/store.ts';
import { externalTemplate } from '../rules/templates.ts';
import { openAlerts, resolveAlerts } from '../transition.ts';
import { toAlert } from './alert-view.ts';
import { type ExternalRule, findDevicePlace, findExternalRule, readOpenExternal } from './external-store.ts';
import { labelsOf } from './posted-labels.ts';
import { findAlert } from './store.ts';
import { namedBy } from './verbs.ts';

export interface Posted {
  readonly alert: Alert;
  /** false: the same alert was already open. */
  readonly created: boolean;
}

/**
 * Another system found a problem. From here on it is an alert like any other. If an alert is already open under the
 * same key, no second one opens. Without a key, the same message about the same subject counts as the same.
 * @throws validation_failed, conflict
 */
export async function postAlert(ctx: Ctx, scope: Scope, body: AlertBody): Promise<Posted> {
  requirePermission(scope, 'alerts:operate');
  return await ctx.db.tenant(scope.organizationId, (tx) => postIn(ctx, tx, scope, body));
}

async function postIn(ctx: Ctx, tx: Tx, scope: Scope, body: AlertBody): Promise<Posted> {
  const { organizationId } = scope;
  const isOver = endIsReached(ctx, body);
  const type = body.type ?? externalTemplate.type;
  const place = await findPlaceOf(tx, organizationId, body);
  const deviceIds = place.deviceId === null ? [] : [place.deviceId];
  // Devices first, as in docs/lock-order.md.
  await lockDeviceStates(tx, deviceIds);
  await lockJudging(tx, external.kind, organizationId);
  const rule = await requireRule(ctx, tx, organizationId, { type, siteId: place.siteId });
  const subject = subjectOf(type, body, place);
  const { open, alert_id: standing } = await readOpenExternal(tx, rule.id, subject);
  if (isOver) return { alert: await end(ctx, tx, scope, standing), created: false };
  if (standing !== null) return { alert: await readAlert(tx, standing), created: false };
  const max = openMaxOf(rule.config);
  if (open >= max)
    throw new AppError(
      'conflict',
      `${max} alerts of the rule "${rule.name}" are open, the most that it allows. Resolve some first, or raise "open_max" of the rule.`,
    );
  const opening = {
    ...{ organizationId, ruleId: rule.id, ruleName: rule.name, kind: external.kind, type, subject },
    severity: body.severity ?? severityOf(rule),
    ...place,
    title: body.title.trim(),
    why: whyOf(body),
    details: detailsOf(body),
    cooldownSeconds: rule.cooldown_seconds,
  };
  const [opened] = await openAlerts(ctx, tx, [opening], scope.caller);
  if (opened === undefined)
    throw new AppError(
      'conflict',
      `The same alert was resolved a short while ago, and the rule "${rule.name}" has a cooldown. Post it again later, or shorten the cooldown.`,
    );
  await rewatchDevices(tx, deviceIds);
  await audit(tx, scope, {
    action: 'alert.posted',
    target: { kind: 'alert', id: opened.id, name: opening.title },
    after: { type, severity: opening.severity, ...opening.details, ...namedBy(body.created_by ?? body.user) },
  });
  return { alert: await readAlert(tx, opened.id), created: true };
}

/** An end in the future would have to resolve the alert by itself, which nothing does yet. */
function endIsReached(ctx: Ctx, { ends_at: end }: AlertBody): boolean {
  if (end === undefined) return false;
  if (toInstant(end).getTime() <= ctx.clock.now()) return true;
  throw invalidField('ends_at', 'must not be in the future: post the end when it is reached');
}

async function end(ctx: Ctx, tx: Tx, scope: Scope, alertId: string | null): Promise<Alert> {
  if (alertId === null) throw notFound('open alert');
  const why = `${scope.caller.name} reported that it is over.`;
  const [ended] = await resolveAlerts(ctx, tx, [{ alertId, why }], scope.caller);
  const alert = await readAlert(tx, alertId);
  if (ended === undefined) return alert;
  await rewatchDevices(tx, [ended.device_id]);
  await audit(tx, scope, {
    action: 'alert.resolved',
    target: { kind: 'alert', id: alertId, name: alert.title },
    before: { status: ended.status },
    after: { status: 'resolved', reason: why },
  });
  return alert;
}

interface PlaceOf {
  siteId: string | null;
  deviceId: string | null;
}

async function findPlaceOf(tx: Tx, organizationId: string, body: AlertBody): Promise<PlaceOf> {
  const siteId = body.site === undefined ? null : await findPlace(tx, 'site', organizationId, body.site);
  if (siteId === undefined) throw invalidField('site', `there is no site "${body.site}"`);
  if (body.device === undefined) return { siteId, deviceId: null };
  const device = await findDevicePlace(tx, organizationId, body.device);
  if (device === undefined) throw invalidField('device', `there is no device "${body.device}"`);
  if (device.retired)
    throw invalidField('device', `the device "${body.device}" is retired; bring it back first`);
  if (siteId !== null && siteId !== device.site_id)
    throw invalidField('site', `the device "${body.device}" is at the site "${device.site_slug}"`);
  return { siteId: device.site_id, deviceId: device.device_id };
}

async function requireRule(
  ctx: Ctx,
  tx: Tx,
  organizationId: string,
  { type, siteId }: { type: string; siteId: string | null },
): Promise<ExternalRule> {
  const find = () => findExternalRule(tx, organizationId, { type, general: externalTemplate.type, siteId });
  let rule = await find();
  if (rule === undefined) {
    await plantTemplates(ctx, tx, organizationId, [externalTemplate]);
    rule = await find();
  }
  if (rule === undefined)
    throw new AppError(
      'conflict',
      `The rule of type "${externalTemplate.type}" is of another kind, or for one site only. Create one of the kind "${external.kind}" for all sites.`,
    );
  if (!rule.enabled)
    throw new AppError('conflict', `The rule "${rule.name}" is switched off, so no alert can be posted.`);
  return rule;
}

function severityOf(rule: ExternalRule): Severity {
  return severities.find((severity) => severity === rule.severity) ?? 'medium';
}

const keyLength = 32;

/**
 * A key is the sender's name for this alert. Without a key, the labels are the identity, and without labels the message
 * and the place.
 */
function subjectOf(type: string, body: AlertBody, { siteId, deviceId }: PlaceOf): string {
  const key = body.dedup_key ?? body.fingerprint;
  const labels = Object.entries(labelsOf(body.labels));
  const same =
    key !== undefined
      ? ['key', key]
      : labels.length > 0
        ? ['labels', type, labels, siteId, deviceId]
        : ['words', type, body.title.trim(), body.metric ?? null, body.source ?? null, siteId, deviceId];
  return `external:${createHash('sha256').update(JSON.stringify(same)).digest('hex').slice(0, keyLength)}`;
}

/** The message, plus the numbers if it does not contain them. */
function whyOf(body: AlertBody): string {
  const numbers = body.value === undefined ? '' : numbersOf(body, body.value);
  const message = body.message === undefined ? '' : oneLine(body.message);
  if (message === '') return numbers === '' ? body.title.trim() : numbers;
  return numbers === '' ? message : `${/[.!?]$/.test(message) ? message : `${message}.`} ${numbers}`;
}

function numbersOf(body: AlertBody, value: number): string {
  const limit = body.threshold === undefined ? '' : `; the threshold is ${numberWords(body.threshold)}`;
  return `${oneLine(body.metric ?? 'The value')} is ${numberWords(value)}${limit}.`;
}

function detailsOf(body: AlertBody): Record<string, unknown> {
  const { metric, value, threshold, source, dedup_key: key, fingerprint } = body;
  const labels = labelsOf(body.labels);
  return {
    ...(metric === undefined ? {} : { metric }),
    ...(value === undefined ? {} : { value }),
    ...(threshold === undefined ? {} : { threshold }),
    ...(source === undefined ? {} : { source }),
    ...(key === undefined ? {} : { dedup_key: key }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
  };
}

async function readAlert(tx: Tx, id: string): Promise<Alert> {
  const row = await findAlert(tx, id);
  if (row === undefined) throw new Error('An alert that was just opened is not there.');
  return toAlert(row);
}
