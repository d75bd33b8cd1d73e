import type { Verdict } from '@watchkeeper/contracts';
import { buildVerdict } from './build.ts';
import { confidenceTable, factorOfCount } from './confidence.ts';
import {
  against,
  inFavour,
  limitsOf,
  lineChecks,
  peopleSince,
  type Reason,
  recoveryOf,
  seenByOthers,
} from './evidence.ts';
import type { SiteFacts } from './facts.ts';
import { type Fall, fallOf, type Witnesses } from './witnesses.ts';
import { devicesWords, namesWords, slugsOf, spanWords } from './words.ts';

/** Without power, all devices fall silent together: within this many seconds. */
export const togetherSeconds = 120;
/** Computers start more slowly than this after a power loss; the network comes back as quickly. Seconds. */
export const backTooSoonSeconds = 30;
/** One device says nothing about its site. */
const devicesMin = 2;

/** Every device of the site that counts was lost: power, or the network in front of it. */
export function judgeWhole(facts: SiteFacts, seen: Witnesses): Verdict | null {
  const fall = fallOf(seen.lost);
  if (fall === undefined || seen.fine.length > 0 || seen.lost.length < devicesMin) return null;
  const slugs = slugsOf(seen.lost);
  const powered = signsOfPower(facts, slugs, fall);
  const count = factorOfCount(seen.lost.length);
  const limits = limitsOf(seen, facts);
  const fell = inFavour(
    `All ${devicesWords(seen.lost.length)} that count fell silent ${spanWords(fall.first, fall.last, facts.site)}.`,
    count,
  );
  const recovery = recoveryOf(fall, seen.lost.length, facts);
  const window = { from: fall.first, to: fall.last };
  const line = lineChecks(facts, fall.first);
  if (powered.length > 0)
    return buildVerdict('network_outage', {
      reasons: [fell, ...powered, ...timeoutsOf(line.timeouts), ...recovery, ...limits, ...tooSlow(fall)],
      systems: slugs,
      window,
      cause:
        line.ok.length > 0
          ? 'The site has power and its line answers, but no device gets through. Look at the network inside the site: switch, Wi-Fi, firewall.'
          : 'The site has power, but nothing gets through. Look at the internet line and the router of the site.',
    });
  if (fall.spreadSeconds > togetherSeconds)
    return line.timeouts.length === 0
      ? null
      : buildVerdict('network_outage', {
          reasons: [fell, ...timeoutsOf(line.timeouts), ...recovery, ...limits, ...tooSlow(fall)],
          systems: slugs,
          window,
          cause:
            'The devices were lost one after another and the line does not answer: the line of the site is probably failing.',
        });
  return buildVerdict('potential_power_loss', {
    reasons: [
      fell,
      ...(line.timeouts.length + line.failed.length > 0
        ? [inFavour('The line of the site does not answer either.')]
        : []),
      ...recovery,
      ...limits,
    ],
    systems: slugs,
    window,
    cause: `${facts.site.name} has probably lost power. Ask somebody there, or the power company; an outage of the internet line looks the same from here.`,
  });
}

/** Why it is not the power: somebody or something at the site still works, or all came back at once. */
function signsOfPower(facts: SiteFacts, lost: readonly string[], fall: Fall): Reason[] {
  const people = peopleSince(facts, fall.last);
  const line = lineChecks(facts, fall.last).ok;
  return [
    ...(people === undefined ? [] : [people]),
    ...(line.length > 0
      ? [inFavour(`The line of the site answers: ${namesWords(line.map((check) => check.slug).toSorted())}.`)]
      : []),
    ...seenByOthers(facts, lost, fall.last),
    ...(fall.allBackAt !== null &&
    fall.allBackAt.getTime() - fall.first.getTime() <= backTooSoonSeconds * 1000
      ? [
          inFavour(
            `Everything was back within ${backTooSoonSeconds} s: computers do not start so soon after a power loss.`,
          ),
        ]
      : []),
  ];
}

function timeoutsOf(timeouts: readonly { slug: string }[]): Reason[] {
  if (timeouts.length === 0) return [];
  const names = namesWords(timeouts.map((check) => check.slug).toSorted());
  return [inFavour(`Checks of the site time out: ${names}.`, confidenceTable.supported)];
}

function tooSlow(fall: Fall): Reason[] {
  if (fall.spreadSeconds <= togetherSeconds) return [];
  const minutes = Math.round(fall.spreadSeconds / 60);
  return [
    against(`The devices fell silent over ${minutes} minutes, not at once.`, confidenceTable.contradicted),
  ];
}
