import type { Verdict } from '@watchkeeper/contracts';
import { buildVerdict } from './build.ts';
import { confidenceTable } from './confidence.ts';
import { against, inFavour, lineChecks, type Reason } from './evidence.ts';
import type { SiteFacts } from './facts.ts';
import { fallOf, type Witnesses } from './witnesses.ts';
import { devicesWords, slugsOf, spanWords } from './words.ts';

/**
 * Elsewhere, too, most devices fell quiet: at least so many devices, sites and shares of them. The same limits as the
 * pause of absence (alerting).
 */
export const collapse = { devicesMin: 5, sitesMin: 2, shareMin: 0.5 } as const;
/** A device that fell silent this long before our gap had its own reason. Seconds. */
const slackSeconds = 120;

/** Our own intake failed: the devices are probably well. */
export function judgeOurs(facts: SiteFacts, seen: Witnesses): Verdict | null {
  const fall = fallOf(seen.lost);
  if (fall === undefined) return null;
  const slack = slackSeconds * 1000;
  const gap = facts.watchGaps.find(
    ({ from, to }) =>
      to >= fall.first &&
      from.getTime() - slack <= fall.first.getTime() &&
      from.getTime() <= fall.last.getTime() + slack,
  );
  const reasons: Reason[] = [];
  if (gap !== undefined)
    reasons.push(inFavour(`We received no heartbeats ${spanWords(gap.from, gap.to, facts.site)}.`));
  const { elsewhere } = facts;
  if (elsewhere !== null && isCollapse(elsewhere))
    reasons.push(
      inFavour(
        `At ${elsewhere.quietSites} of ${elsewhere.sites} other sites most devices fell quiet at the same time (${elsewhere.quietDevices} of ${devicesWords(elsewhere.devices)}).`,
        reasons.length > 0 ? confidenceTable.supported : 1,
      ),
    );
  if (reasons.length === 0) return null;
  const unreached = lineChecks(facts, fall.first);
  if (unreached.ok.length > 0)
    reasons.push(against('Our own checks of the site were answered: we reach it.'));
  if (gap !== undefined && elsewhere !== null && !isCollapse(elsewhere))
    reasons.push(against('The other sites are heard.', confidenceTable.contradicted));
  return buildVerdict('our_outage', {
    reasons,
    systems: slugsOf(seen.lost),
    window: { from: fall.first, to: fall.last },
    cause:
      'The fault is probably ours: the network or the server of Watchkeeper. Look at its own health before you send somebody to the site.',
  });
}

function isCollapse(elsewhere: NonNullable<SiteFacts['elsewhere']>): boolean {
  return (
    elsewhere.quietDevices >= collapse.devicesMin &&
    elsewhere.quietDevices >= elsewhere.devices * collapse.shareMin &&
    elsewhere.quietSites >= collapse.sitesMin &&
    elsewhere.quietSites >= elsewhere.sites * collapse.shareMin
  );
}
