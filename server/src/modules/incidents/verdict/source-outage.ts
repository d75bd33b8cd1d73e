import type { Verdict } from '@watchkeeper/contracts';
import { buildVerdict } from './build.ts';
import { confidenceTable } from './confidence.ts';
import { against, inFavour, type Reason } from './evidence.ts';
import type { DeviceFact, SiteFacts, SourceFact } from './facts.ts';
import type { Witnesses } from './witnesses.ts';
import { clockWords, devicesWords, slugsOf } from './words.ts';

/** A third party cannot be read: of the devices that it alone knows, nothing is known. That is not their outage. */
export function judgeSource(facts: SiteFacts, seen: Witnesses): Verdict | null {
  const blind = facts.sources.filter((source) => source.down || !source.fresh);
  const known = (source: SourceFact) => blindDevices(facts, source.slug);
  const concerned = blind.filter((source) => known(source).length > 0);
  const first = concerned[0];
  // A device that we hear ourselves and lost is not explained by a third party.
  const atFirstHand = seen.lost.filter((device) => device.onlyKnownBy === null);
  if (first === undefined || atFirstHand.length > 0) return null;
  const devices = concerned.flatMap(known);
  const heard = seen.fine.filter((device) => device.onlyKnownBy === null);
  const reasons: Reason[] = [
    ...concerned.map((source) => readWords(source, facts)),
    inFavour(`It alone knows ${devicesWords(devices.length)} of the site.`),
    heard.length > 0
      ? inFavour(
          `${devicesWords(heard.length)} that we hear ourselves ${heard.length === 1 ? 'is' : 'are'} well.`,
          confidenceTable.supported,
        )
      : against('No device of the site reports to us directly, so nothing confirms that it is well.'),
  ];
  const since = earliest(concerned, devices);
  if (since === undefined) return null;
  return buildVerdict('source_outage', {
    reasons,
    systems: [...concerned.map((source) => source.slug), ...slugsOf(devices)],
    window: since,
    cause: `${concerned.map((source) => source.name).join(' and ')} cannot be read. The devices are probably well; look at the status page and the credentials of the third party.`,
  });
}

function blindDevices({ devices }: SiteFacts, source: string): DeviceFact[] {
  return devices.filter(
    (device) =>
      device.onlyKnownBy === source &&
      !device.underMaintenance &&
      (device.status === 'unknown' || device.silence !== null),
  );
}

function readWords(source: SourceFact, { site }: SiteFacts): Reason {
  const read =
    source.readAt === null ? 'was never read' : `was last read at ${clockWords(source.readAt, site)}`;
  return source.down
    ? inFavour(`${source.name} ${read}, and its check is down.`, confidenceTable.supported)
    : inFavour(`${source.name} ${read}: too long ago to count.`);
}

/** From the oldest last reading to the newest; without a reading, when the devices were last known. */
function earliest(sources: readonly SourceFact[], devices: readonly DeviceFact[]) {
  const times = [
    ...sources.flatMap((source) => (source.readAt === null ? [] : [source.readAt])),
    ...devices.flatMap((device) => (device.lastHeardAt === null ? [] : [device.lastHeardAt])),
  ].map((at) => at.getTime());
  if (times.length === 0) return undefined;
  return { from: new Date(Math.min(...times)), to: new Date(Math.max(...times)) };
}
