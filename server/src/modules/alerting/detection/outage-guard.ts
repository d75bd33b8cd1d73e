import type { Pulse } from './detection-store.ts';

/**
 * Is it them, or is it us? When intake collapses across sites at once (our network, our load balancer,
 * our clock), silence is no evidence against the devices. The rule, over the devices heard within the
 * last two limits: at least `devicesMin` of them quiet for more than `quietShare` of a limit, these at least
 * `shareMin` of all, and at least `sitesMin` sites (and `shareMin` of the sites) mostly quiet.
 *
 * Devices that beat at least once in that span are never quiet: a healthy fleet does not trip it.
 * One site that loses power alerts at once: it is one site. A real failure of everything is told too,
 * one pause later.
 */
export const outageGuard = { devicesMin: 5, sitesMin: 2, shareMin: 0.5, quietShare: 0.75 } as const;

/** The longest time for which absence is not judged after a suspicion: one limit, at most this. */
export const pauseSecondsMax = 120;

export function looksLikeOurs(pulse: Pulse): boolean {
  return (
    pulse.quietDevices >= outageGuard.devicesMin &&
    pulse.quietDevices >= pulse.devices * outageGuard.shareMin &&
    pulse.quietSites >= outageGuard.sitesMin &&
    pulse.quietSites >= pulse.sites * outageGuard.shareMin
  );
}

/**
 * The time spans that `readPulse` asks about. The check interval makes the first one longer, because a slow tick sees a
 * collapse late.
 */
export function pulseSpans(
  now: Date,
  offlineSeconds: number,
  checkIntervalSeconds: number,
): { recentSince: Date; quietSince: Date } {
  return {
    recentSince: new Date(now.getTime() - (2 * offlineSeconds + checkIntervalSeconds) * 1000),
    quietSince: new Date(now.getTime() - offlineSeconds * outageGuard.quietShare * 1000),
  };
}

/** One pause per collapse. The suspicion stays until the collapse ends, so that after the pause judging goes on. */
export function nextSuspicion(suspectedSince: Date | null, collapsed: boolean, now: Date): Date | null {
  return collapsed ? (suspectedSince ?? now) : null;
}

export function isPaused(suspectedSince: Date | null, now: Date, offlineSeconds: number): boolean {
  if (suspectedSince === null) return false;
  const pauseMs = Math.min(offlineSeconds, pauseSecondsMax) * 1000;
  return now.getTime() - suspectedSince.getTime() < pauseMs;
}

export const pausedReason =
  'most devices of several sites stopped reporting at the same time, so the fault may be ours.';
