import type { Verdict } from '@watchkeeper/contracts';
import { buildVerdict } from './build.ts';
import { confidenceTable } from './confidence.ts';
import { inFavour, limitsOf, type Reason, recoveryOf } from './evidence.ts';
import type { SiteFacts } from './facts.ts';
import { fallOf, type Witnesses } from './witnesses.ts';
import { devicesWords, namesWords, slugsOf, spanWords } from './words.ts';

/** A part of the site was lost, and the rest is heard: neither its power nor its line. */
export function judgePart(facts: SiteFacts, seen: Witnesses): Verdict | null {
  const fall = fallOf(seen.lost);
  if (fall === undefined || seen.fine.length === 0) return null;
  const slugs = slugsOf(seen.lost);
  const areas = [...new Set(seen.lost.flatMap(({ area }) => (area === null ? [] : [area])))].toSorted();
  const single = seen.lost.length === 1;
  // Everything in these areas is lost, and nothing outside them: they share something.
  const whole =
    areas.length > 0 &&
    seen.lost.every((device) => device.area !== null) &&
    !seen.fine.some((device) => device.area !== null && areas.includes(device.area));
  const reasons: Reason[] = [
    inFavour(
      `${devicesWords(seen.lost.length)} fell silent ${spanWords(fall.first, fall.last, facts.site)}: ${namesWords(slugs)}.`,
      single ? confidenceTable.single : 1,
    ),
    inFavour(`${devicesWords(seen.fine.length)} of the site ${seen.fine.length === 1 ? 'is' : 'are'} heard.`),
    ...(whole && !single
      ? [
          inFavour(
            `All devices of ${namesWords(areas)} are affected, and none elsewhere.`,
            confidenceTable.supported,
          ),
        ]
      : []),
    ...recoveryOf(fall, seen.lost.length, facts),
    ...limitsOf(seen, facts),
  ];
  return buildVerdict('partial_failure', {
    reasons,
    systems: slugs,
    window: { from: fall.first, to: fall.last },
    cause: causeOf(slugs, areas, whole),
  });
}

function causeOf(slugs: readonly string[], areas: readonly string[], whole: boolean): string {
  if (slugs.length === 1)
    return `The site is well, ${slugs[0]} is not. Look at that device, its plug and its cable.`;
  if (whole && areas.length === 1)
    return `The site is well, ${areas[0]} is not. Look at what its devices share: a circuit, a switch, a cable.`;
  return `The site is well, ${slugs.length} of its devices are not. Look at what they share: a circuit, a switch, an access point.`;
}
