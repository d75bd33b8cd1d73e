import type { DeviceStatus } from '@watchkeeper/contracts';
import type { CheckStatus } from '@watchkeeper/contracts/checks';
import { sourceFreshSeconds, type Witness } from '@watchkeeper/contracts/device-status';
import { roughDuration } from '@watchkeeper/contracts/figures';
import type { ObservedState } from '@watchkeeper/contracts/sources';
import { toReportedStatus } from '#modules/telemetry';
import { checkKinds } from '../registry.ts';
import type { Voice } from './verdict.ts';

/** The times that reports are compared with, read once for many devices. */
export interface VerdictTimes {
  readonly now: number;
  /** Silence longer than this is absence. */
  readonly offlineMs: number;
  /** Before this time, our own server may have missed heartbeats. */
  readonly watchingSince: number;
}

export interface Heartbeats {
  readonly last_seen_at: Date | null;
  readonly heartbeat_status: DeviceStatus | null;
  readonly heartbeat_since: Date | null;
  /** The status in its last heartbeat. */
  readonly reported_status: string | null;
}

/** The device's own heartbeats. null when it never sent one, because then none is expected. */
export function heartbeatVoice(beats: Heartbeats, times: VerdictTimes): Voice | null {
  const { last_seen_at: seen } = beats;
  if (seen === null) return null;
  const age = times.now - seen.getTime();
  // A rule may use a shorter limit than the installation. A device that a rule has called offline counts as silent
  // until its next heartbeat.
  const heard = age <= times.offlineMs && beats.heartbeat_status !== 'offline';
  // Silence counts only if we were receiving during all that time.
  const watched = times.now - Math.max(seen.getTime(), times.watchingSince) > times.offlineMs;
  // During maintenance, the stored status hides what the device said, so use its own report.
  const alive =
    beats.heartbeat_status === 'maintenance'
      ? toReportedStatus(beats.reported_status ?? '')
      : beats.heartbeat_status === 'degraded'
        ? 'degraded'
        : 'online';
  const state = heard ? alive : watched || beats.heartbeat_status === 'offline' ? 'offline' : 'unknown';
  return {
    witness: 'agent',
    name: 'Its own agent',
    kind: 'heartbeat',
    check: null,
    source: null,
    state,
    since: heard ? beats.heartbeat_since : seen,
    lastObserved: seen,
    fresh: state !== 'unknown',
    countsAs: state,
    confirmed: true,
    words: heard
      ? `Its own agent reported ${roughDuration(age / 1_000)} ago${alive === 'degraded' ? ', and that it is degraded' : ''}.`
      : state === 'offline'
        ? `Its own agent has been silent for ${roughDuration(age / 1_000)}.`
        : `Its own agent last reported ${roughDuration(age / 1_000)} ago; we have not watched long enough since then to tell.`,
  };
}

export interface CheckWord {
  readonly slug: string;
  readonly name: string;
  readonly kind: string;
  readonly status: CheckStatus;
  readonly since: Date;
  readonly reason: string | null;
  readonly last_at: Date | null;
  readonly last_outcome: string | null;
  readonly last_reason: string | null;
  readonly failures: number;
  readonly alert_after: number;
  readonly interval_seconds: number;
  /** The source that the check judges by; null for other checks. */
  readonly source_slug: string | null;
  readonly source_name: string | null;
  readonly observed_state: ObservedState | null;
  readonly observed_since: Date | null;
  readonly observed_at: Date | null;
  /** From the access log of a door: ISO time, kind of credential, result. */
  readonly event_at: string | null;
  readonly event_credential: string | null;
  readonly event_result: string | null;
}

/** The status of a device when a check of this witness fails. */
const failure: Readonly<Record<Witness, DeviceStatus>> = {
  agent: 'degraded',
  direct: 'unresponsive',
  check_in: 'offline',
  network: 'offline',
  access_log: 'offline',
  access: 'offline',
  rmm: 'offline',
};

/** Our own checks stay fresh for two of their intervals, but never for less than the general limit. */
const turnsFresh = 2;

export function checkVoice(check: CheckWord, times: VerdictTimes): Voice {
  return check.source_slug === null ? ownVoice(check, times) : observedVoice(check, times);
}

function witnessOf(check: CheckWord): Witness {
  const kind = checkKinds.find(check.kind);
  return kind?.witness ?? (kind?.passive === true ? 'check_in' : 'direct');
}

/** The check was judged, and recently enough to tell something about now. */
function countOf(check: CheckWord, witness: Witness, fresh: boolean): DeviceStatus {
  if (!fresh) return 'unknown';
  return check.status === 'up' ? 'online' : check.status === 'down' ? failure[witness] : 'unknown';
}

function ownVoice(check: CheckWord, times: VerdictTimes): Voice {
  const witness = witnessOf(check);
  const at = check.last_at;
  const age = at === null ? Number.POSITIVE_INFINITY : times.now - at.getTime();
  const freshMs = Math.max(sourceFreshSeconds, check.interval_seconds * turnsFresh) * 1_000;
  // A check that waits for pings also learns from silence: its status holds until it is judged again.
  const fresh = check.status !== 'pending' && (witness === 'check_in' || age <= freshMs);
  const countsAs = countOf(check, witness, fresh);
  const said =
    check.last_outcome === 'ok' ? 'online' : check.last_outcome === 'failed' ? failure[witness] : 'unknown';
  const when = at === null ? 'has not run yet' : `ran ${roughDuration(age / 1_000)} ago`;
  const why = check.last_reason ?? check.reason ?? '';
  return {
    witness,
    name: check.name,
    kind: check.kind,
    check: check.slug,
    source: null,
    state: said,
    since: check.since,
    lastObserved: at,
    fresh,
    countsAs,
    confirmed: said === 'online' || isConfirmed(check),
    words: fresh
      ? `${check.name}: ${why === '' ? check.status : why}${pendingWords(check)}`
      : `${check.name} ${when}; that is too old.`,
  };
}

function observedVoice(check: CheckWord, times: VerdictTimes): Voice {
  const witness = witnessOf(check);
  const at = check.observed_at;
  const fresh = at !== null && times.now - at.getTime() <= sourceFreshSeconds * 1_000;
  const state =
    check.observed_state === 'online' || check.observed_state === 'offline'
      ? check.observed_state
      : 'unknown';
  const who = check.source_name ?? check.name;
  const long =
    check.observed_since === null
      ? ''
      : ` for ${roughDuration((times.now - check.observed_since.getTime()) / 1_000)}`;
  const asOf = at === null ? '' : `, seen ${roughDuration((times.now - at.getTime()) / 1_000)} ago`;
  const said =
    check.observed_state === 'missing'
      ? `${who} does not list it any more.`
      : state === 'unknown'
        ? `${who} cannot tell${asOf}.`
        : `${who} says ${state}${long}${asOf}.`;
  const staleWords =
    at === null
      ? `${who} has not reported on it.`
      : `${who} last said ${check.observed_state ?? 'nothing'}, ${roughDuration((times.now - at.getTime()) / 1_000)} ago; that is too old to count.`;
  // The last run may be older than the reading. The judged result counts as long as both are fresh.
  return {
    witness,
    name: who,
    kind: check.kind,
    check: check.slug,
    source: check.source_slug,
    state,
    since: check.observed_since,
    lastObserved: at,
    fresh,
    countsAs: state === 'unknown' ? 'unknown' : countOf(check, witness, fresh),
    confirmed: state === 'online' || isConfirmed(check),
    words: fresh ? `${said}${pendingWords(check)}` : staleWords,
  };
}

/**
 * It failed as often in a row as the check needs to be down. Held-back failures are not counted; how long they last
 * decides.
 */
function isConfirmed(check: CheckWord): boolean {
  if (check.status === 'down' || check.failures >= check.alert_after) return true;
  if (check.status !== 'unknown' || check.last_outcome !== 'unable' || check.last_at === null) return false;
  const heldMs = check.last_at.getTime() - check.since.getTime();
  return 1 + Math.round(heldMs / (check.interval_seconds * 1_000)) >= check.alert_after;
}

function pendingWords(check: CheckWord): string {
  if (check.status === 'down' || check.failures === 0 || check.last_outcome !== 'failed') return '';
  return ` (${check.failures} of ${check.alert_after} failures in a row; not confirmed yet)`;
}

/** A door that was opened a moment ago is alive, whatever other sources say. An old opening says nothing. */
export function accessLogVoice(check: CheckWord, times: VerdictTimes): Voice | null {
  if (check.event_at === null || check.source_slug === null) return null;
  const at = new Date(check.event_at);
  const age = times.now - at.getTime();
  const fresh = age <= sourceFreshSeconds * 1_000;
  const by = check.event_credential === null ? '' : ` by ${check.event_credential}`;
  const what = check.event_result === 'BLOCKED' ? 'refused somebody' : 'was opened';
  return {
    witness: 'access_log',
    name: `Access log of ${check.source_name ?? check.source_slug}`,
    kind: 'access_log',
    check: null,
    source: check.source_slug,
    state: 'online',
    since: at,
    lastObserved: at,
    fresh,
    countsAs: fresh ? 'online' : 'unknown',
    confirmed: true,
    words: `It ${what}${by} ${roughDuration(age / 1_000)} ago.`,
  };
}
