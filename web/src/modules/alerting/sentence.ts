import type { Alert, Overview } from '@watchkeeper/contracts/alerting';
import { minuteMs } from '../../lib/time';
import { t } from '../../messages';
import { weigh } from './weight';

/**
 * The one sentence that the overview opens with. Not being able to tell goes before everything else: "nothing
 * is wrong" would then be a guess.
 */
export function sentenceOf(
  overview: Pick<Overview, 'now' | 'watch' | 'devices' | 'alerts' | 'attention'>,
): string {
  const { watch, devices, alerts, attention } = overview;
  if (watch.suspected_our_outage_since !== null || !watch.intake_up || isCheckLate(overview)) {
    return t.overview.cannotTell;
  }
  const all = attention.needs_you;
  if (all > 0) {
    const shown = weigh(alerts).needsYou;
    // The overview does not hold more, so the place of the rest is not known here.
    const site = shown.length === all ? siteOfAll(shown) : undefined;
    return site === undefined ? t.overview.needYou(all) : t.overview.needYouAt(all, site);
  }
  if (attention.in_hand > 0) return t.overview.nothingNew(attention.in_hand);
  return quietSentence(devices);
}

/** Without alerts: an unknown device, or one that is off without a rule for it, is never called fine. */
function quietSentence(devices: Overview['devices']): string {
  if (devices.total === 0) return t.overview.nothingWatched;
  const troubled = devices.offline + devices.unresponsive + devices.degraded;
  if (troubled > 0) return t.site.trouble(troubled);
  if (devices.unknown === devices.total) return t.site.noSignalYet;
  return devices.unknown > 0 ? t.site.someUnknown(devices.unknown) : t.overview.nothingWrong;
}

/** Checks run twice a minute by default; after this long without one, nothing is being judged. */
const checkLateMs = 5 * minuteMs;

/** Nothing was judged for so long that the shown state may be over, or worse. */
export function isCheckLate({ now, watch, devices }: Pick<Overview, 'now' | 'watch' | 'devices'>): boolean {
  if (devices.total === 0 || watch.last_checked_at === null) return false;
  return Date.parse(now) - Date.parse(watch.last_checked_at) > checkLateMs;
}

function siteOfAll(alerts: readonly Alert[]): string | undefined {
  const names = new Set(alerts.map((alert) => alert.site?.name));
  return names.size === 1 ? names.values().next().value : undefined;
}

/** When anything was last heard, anywhere. */
export function newestSignal(overview: Pick<Overview, 'sites'>): string | null {
  let newest: string | null = null;
  for (const { last_seen_at: at } of overview.sites) {
    if (at !== null && (newest === null || Date.parse(at) > Date.parse(newest))) newest = at;
  }
  return newest;
}
