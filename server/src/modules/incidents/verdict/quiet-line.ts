import type { Verdict } from '@watchkeeper/contracts';
import { buildVerdict } from './build.ts';
import { confidenceTable } from './confidence.ts';
import { against, inFavour, limitsOf, lineChecks, type Reason } from './evidence.ts';
import type { SiteFacts } from './facts.ts';
import type { Witnesses } from './witnesses.ts';
import { clockWords, devicesWords, namesWords } from './words.ts';

/** The oldest result that still counts, and how long customers may be away before it means something. Seconds. */
export const recentSeconds = 900;

/**
 * A site without devices that we hear: its checks time out, no customer connects, and all other evidence is old. Since
 * when is told by the first of the time-outs.
 */
export function judgeQuietLine(facts: SiteFacts, seen: Witnesses): Verdict | null {
  const newest = Math.max(...facts.checks.map((check) => check.at.getTime()));
  if (seen.counted.length > 0 || !Number.isFinite(newest)) return null;
  const since = new Date(newest - recentSeconds * 1000);
  const line = lineChecks(facts, since);
  const [first, last] = [earliest(line.timeouts), latest(line.timeouts)];
  if (first === undefined || last === undefined || line.ok.length > 0) return null;
  const fresh = facts.sources.filter((source) => source.fresh && source.saysOnline.length > 0);
  const people = facts.activity.filter((activity) => activity.at > since);
  if (people.length > 0) return null;
  const reasons: Reason[] = [
    inFavour(
      `Checks of the site time out: ${namesWords(line.timeouts.map((check) => check.slug).toSorted())}.`,
    ),
    ...customers(facts),
    ...facts.sources
      .filter((source) => !source.fresh && source.readAt !== null)
      .map((source) =>
        inFavour(`${source.name} says nothing since ${clockWords(source.readAt ?? first, facts.site)}.`),
      ),
    ...fresh.map((source) =>
      against(
        `${source.name} sees ${devicesWords(source.saysOnline.length)} online.`,
        confidenceTable.contradicted,
      ),
    ),
    ...limitsOf(seen, facts),
  ];
  return buildVerdict('network_outage', {
    reasons,
    systems: line.timeouts.map((check) => check.slug),
    window: { from: first, to: last },
    cause: 'Nothing gets through to the site. Look at its internet line and its router.',
  });
}

/** Whether customers are missing. Outside opening hours nobody is expected, so it says nothing. */
function customers({ site, activity }: SiteFacts): Reason[] {
  if (site.hours !== null && !site.hours.open) return [];
  const known = activity.length > 0;
  return known
    ? [inFavour('No customer was seen since, although some were before.', confidenceTable.supported)]
    : [against('It is not known whether customers are there.')];
}

function earliest(checks: readonly { at: Date }[]): Date | undefined {
  return checks.map((check) => check.at).toSorted((a, b) => a.getTime() - b.getTime())[0];
}

function latest(checks: readonly { at: Date }[]): Date | undefined {
  return checks.map((check) => check.at).toSorted((a, b) => b.getTime() - a.getTime())[0];
}
