import { setDeviceStatus } from '#modules/telemetry';
import type { Ctx } from '#platform/context';
import type { Tx } from '#platform/db/database';
import { waitsForAnother } from '../judgement.ts';
import type { Finding } from '../kind.ts';
import { clearPending, findReturned, markPending } from '../observing/device-store.ts';
import { holdAlerts, noteRecurrences, type Opening, openAlerts, resolveAlerts } from '../transition.ts';
import { timeWords } from '../words.ts';
import { rewatchDevices } from './watch-devices.ts';

export type ApplyCtx = Pick<Ctx, 'events' | 'live' | 'clock' | 'config'>;

/** Turns judgements into transitions, in the caller's transaction. Returns how many alerts changed. */
export async function applyFindings(
  ctx: ApplyCtx,
  tx: Tx,
  findings: readonly Finding[],
  now: Date,
): Promise<number> {
  await noteReturns(ctx, tx, findings);
  // First, so that a child that goes down together with its parent sees that the parent is down.
  const down = await showDown(ctx, tx, findings, now);
  const opened = await openAlerts(
    ctx,
    tx,
    findings.filter((finding) => shouldOpen(finding, now)).map(toOpening),
  );
  const resolved = await resolveAlerts(
    ctx,
    tx,
    findings.flatMap((finding) =>
      shouldResolve(finding) && finding.openAlertId !== null
        ? [{ alertId: finding.openAlertId, why: finding.judgement.why, details: finding.judgement.details }]
        : [],
    ),
  );
  const pendingDevices = await keepPending(tx, findings, now);
  await showUp(ctx, tx, findings, { down, resolved: new Set(resolved.map((alert) => alert.id)) }, now);
  await rewatchDevices(tx, [
    ...opened.map(({ opening }) => opening.deviceId),
    ...resolved.map((alert) => alert.device_id),
    ...pendingDevices,
  ]);
  return opened.length + resolved.length;
}

/**
 * Devices that came back and fell silent again before they were judged. Their alert stays open, and its timeline notes
 * the return. We find them by their status, which intake had set back. When the status is offline again, the return has
 * been noted.
 */
async function noteReturns(ctx: ApplyCtx, tx: Tx, findings: readonly Finding[]): Promise<void> {
  const alertIds = findings.flatMap((finding) =>
    finding.openAlertId !== null && finding.judgement.verdict === 'firing' && isStatusWrong(finding)
      ? [finding.openAlertId]
      : [],
  );
  if (alertIds.length === 0) return;
  // All alerts that may change here, locked in the order of docs/lock-order.md.
  await holdAlerts(
    tx,
    findings.flatMap(({ openAlertId }) => (openAlertId === null ? [] : [openAlertId])),
  );
  const returned = await findReturned(tx, alertIds);
  await noteRecurrences(
    ctx,
    tx,
    returned.map(({ alert_id: alertId, status_since: since, last_seen_at: last, timezone }) => {
      const back = since === null ? 'It came back' : `It came back ${timeWords(since, timezone)}`;
      return {
        alertId,
        why: `${back}, sent its last heartbeat ${timeWords(last, timezone)}, and has been silent since then.`,
        details: { returned_at: since?.toISOString() ?? null, last_seen_at: last.toISOString() },
      };
    }),
  );
}

/** Whether a finding would change anything. Findings that change nothing need no transaction. */
export function changesSomething(finding: Finding, now: Date): boolean {
  const { verdict } = finding.judgement;
  if (shouldOpen(finding, now) || shouldResolve(finding) || verdict === 'pending') return true;
  if (waitIsOver(finding)) return true;
  return verdict === 'firing' && isStatusWrong(finding);
}

function shouldOpen(finding: Finding, now: Date): boolean {
  const cooling = finding.coolingUntil !== null && finding.coolingUntil > now;
  return finding.judgement.verdict === 'firing' && finding.openAlertId === null && !cooling;
}

function shouldResolve(finding: Finding): boolean {
  return finding.judgement.verdict === 'ok' && finding.openAlertId !== null && finding.rule.autoResolve;
}

function isStatusWrong(finding: Finding): boolean {
  const { deviceStatus: wanted } = finding.kind;
  return wanted !== null && finding.deviceStatus !== wanted && finding.deviceStatus !== 'maintenance';
}

function toOpening(finding: Finding): Opening {
  return {
    organizationId: finding.rule.organizationId,
    ruleId: finding.rule.id,
    ruleName: finding.rule.name,
    kind: finding.kind.kind,
    type: finding.rule.type,
    severity: finding.rule.severity,
    subject: `${finding.subject.kind}:${finding.subject.id}`,
    siteId: finding.siteId,
    deviceId: finding.deviceId,
    title: finding.title,
    why: finding.judgement.why,
    details: finding.judgement.details,
    cooldownSeconds: finding.rule.cooldownSeconds,
  };
}

/** A gap in the data ends a wait only if the wait was for another condition. */
function waitIsOver(finding: Finding): boolean {
  if (finding.pendingSince === null) return false;
  return finding.judgement.verdict !== 'unknown' || waitsForAnother(finding, finding.condition);
}

/** Returns the devices whose pending conditions began or ended. */
async function keepPending(tx: Tx, findings: readonly Finding[], now: Date): Promise<string[]> {
  const held: { finding: Finding; deviceId: string }[] = [];
  const over: { ruleId: string; deviceId: string }[] = [];
  for (const finding of findings) {
    const { deviceId, judgement } = finding;
    if (deviceId === null) continue;
    if (judgement.verdict === 'pending') held.push({ finding, deviceId });
    else if (waitIsOver(finding)) over.push({ ruleId: finding.rule.id, deviceId });
  }
  await markPending(
    tx,
    held.map(({ finding, deviceId }) => ({
      organizationId: finding.rule.organizationId,
      ruleId: finding.rule.id,
      deviceId,
      since: finding.pendingSince ?? now,
      seenAt: now,
      condition: finding.condition,
    })),
  );
  await clearPending(tx, over);
  return [...held.map(({ deviceId }) => deviceId), ...over.map(({ deviceId }) => deviceId)];
}

/** The device state shows the truth, even if a cooldown prevents the alert from opening again. */
async function showDown(
  ctx: ApplyCtx,
  tx: Tx,
  findings: readonly Finding[],
  now: Date,
): Promise<ReadonlySet<string>> {
  const down = new Set(
    findings.flatMap((finding) =>
      finding.deviceId !== null && finding.judgement.verdict === 'firing' && isStatusWrong(finding)
        ? [finding.deviceId]
        : [],
    ),
  );
  await setDeviceStatus(ctx, tx, [...down], 'offline', now);
  return down;
}

/** Intake sets "online" by itself. This is for a limit that was raised above the present silence. */
async function showUp(
  ctx: ApplyCtx,
  tx: Tx,
  findings: readonly Finding[],
  { down, resolved }: { down: ReadonlySet<string>; resolved: ReadonlySet<string> },
  now: Date,
): Promise<void> {
  const up = new Set(
    findings.flatMap(({ deviceId, kind, openAlertId, deviceStatus }) =>
      deviceId !== null &&
      !down.has(deviceId) &&
      kind.deviceStatus !== null &&
      deviceStatus === kind.deviceStatus &&
      openAlertId !== null &&
      resolved.has(openAlertId)
        ? [deviceId]
        : [],
    ),
  );
  await setDeviceStatus(ctx, tx, [...up], 'online', now);
}
