import { confidenceTable, factorOfCoverage } from './confidence.ts';
import type { ActivityFact, SiteFacts } from './facts.ts';
import type { Fall, Witnesses } from './witnesses.ts';
import { clockWords, devicesWords, namesWords, slugsOf } from './words.ts';

/** One reason: what it says, whether it speaks for the verdict, and what it makes of the confidence. */
export interface Reason {
  readonly words: string;
  readonly speaks: 'for' | 'against';
  readonly factor: number;
}

export const inFavour = (words: string, factor = 1): Reason => ({ words, speaks: 'for', factor });
export const against = (words: string, factor = 1): Reason => ({ words, speaks: 'against', factor });

/** What keeps us from knowing all of the site. */
export function limitsOf(seen: Witnesses, facts: SiteFacts): Reason[] {
  const unseen = [...seen.neverHeard, ...seen.untold];
  const all = seen.counted.length + unseen.length;
  return [
    ...(seen.neverHeard.length > 0
      ? [
          against(
            `${devicesWords(seen.neverHeard.length)} never reported, so nothing is known of them: ${namesWords(slugsOf(seen.neverHeard))}.`,
          ),
        ]
      : []),
    ...(seen.untold.length > 0
      ? [against(`Nothing current is known of ${devicesWords(seen.untold.length)}.`)]
      : []),
    ...(seen.goneBefore.length > 0
      ? [
          against(
            `${namesWords(slugsOf(seen.goneBefore))} had been lost before and ${seen.goneBefore.length === 1 ? 'does' : 'do'} not count.`,
          ),
        ]
      : []),
    ...(unseen.length > 0
      ? [
          against(
            `The verdict stands on ${seen.counted.length} of ${all} devices.`,
            factorOfCoverage(seen.counted.length, all),
          ),
        ]
      : []),
    ...(seen.underMaintenance.length > 0
      ? [
          against(
            `${devicesWords(seen.underMaintenance.length)} under maintenance: the work may be the cause.`,
            confidenceTable.maintenance,
          ),
        ]
      : []),
    ...closingOf(facts),
  ];
}

function closingOf({ site }: SiteFacts): Reason[] {
  if (site.hours === null || site.hours.open) return [];
  const since = site.hours.closedSince === null ? '' : ` since ${clockWords(site.hours.closedSince, site)}`;
  return [
    against(`The site is closed${since}: somebody may have switched devices off.`, confidenceTable.closed),
  ];
}

const activityWords: Readonly<Record<ActivityFact['kind'], string>> = {
  door_opened: 'A door opened',
  customer: 'A customer used the site',
  device_used: 'A device was in use',
};

/** The last sign of people after `since`; undefined: none. */
export function peopleSince(facts: SiteFacts, since: Date): Reason | undefined {
  const last = facts.activity
    .filter((activity) => activity.at > since)
    .toSorted((a, b) => b.at.getTime() - a.at.getTime())[0];
  if (last === undefined) return undefined;
  return inFavour(
    `${activityWords[last.kind]} at ${clockWords(last.at, facts.site)}, during the outage: the site has power.`,
  );
}

/** Checks of the site itself, not of a device, and what they found since `since`. */
export function lineChecks(facts: SiteFacts, since: Date) {
  const own = facts.checks.filter((check) => check.device === null && check.at >= since);
  return {
    ok: own.filter((check) => check.outcome === 'ok' && check.reachesSite),
    timeouts: own.filter((check) => check.outcome === 'timeout'),
    failed: own.filter((check) => check.outcome === 'failed'),
  };
}

/** Third parties that were read after `since` and still see lost devices online. */
export function seenByOthers(facts: SiteFacts, lost: readonly string[], since: Date): Reason[] {
  return facts.sources.flatMap((source) => {
    if (!source.fresh || source.readAt === null || source.readAt <= since) return [];
    const seen = source.saysOnline.filter((slug) => lost.includes(slug));
    if (seen.length === 0) return [];
    return [
      inFavour(
        `${source.name} still sees ${namesWords(seen)} online at ${clockWords(source.readAt, facts.site)}.`,
      ),
    ];
  });
}

export function recoveryOf(fall: Fall, lost: number, facts: SiteFacts): Reason[] {
  if (fall.allBackAt !== null)
    return [inFavour(`All are back since ${clockWords(fall.allBackAt, facts.site)}.`)];
  return fall.back === 0 ? [] : [inFavour(`${fall.back} of ${lost} are back.`)];
}
