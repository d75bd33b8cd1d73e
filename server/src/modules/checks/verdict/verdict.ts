import type { DeviceStatus } from '@watchkeeper/contracts';
import { type DeviceFlag, type Witness, witnesses } from '@watchkeeper/contracts/device-status';

/** What one source says about one device. */
export interface Voice {
  readonly witness: Witness;
  readonly name: string;
  readonly kind: string;
  readonly check: string | null;
  readonly source: string | null;
  /** The state as the source says it. */
  readonly state: DeviceStatus;
  readonly since: Date | null;
  readonly lastObserved: Date | null;
  readonly fresh: boolean;
  /** The state as it counts. `unknown`: it does not count. */
  readonly countsAs: DeviceStatus;
  /** Said so often in a row that it is not a single slip. */
  readonly confirmed: boolean;
  readonly words: string;
}

export interface DeviceVerdict {
  readonly status: DeviceStatus;
  readonly since: Date | null;
  readonly decidedBy: string | null;
  readonly disagreement: boolean;
  readonly reason: string;
}

const isAlive = (status: DeviceStatus): boolean => status === 'online' || status === 'degraded';

/** In the order of witnesses; for the same witness, the worst state first. */
export function inOrder(voices: readonly Voice[]): Voice[] {
  const rank = (voice: Voice) => witnesses.indexOf(voice.witness);
  const weight = (voice: Voice) => (isAlive(voice.countsAs) ? 1 : 0);
  return voices.toSorted(
    (one, other) =>
      rank(one) - rank(other) || weight(one) - weight(other) || one.name.localeCompare(other.name),
  );
}

/**
 * The first witness in the order with a fresh report decides. Witnesses that contradict it are named. When one witness
 * says both (the device answers, but one of its services does not), the device is degraded.
 */
export function verdictOf(voices: readonly Voice[]): DeviceVerdict {
  const ordered = inOrder(voices);
  const counted = ordered.filter((voice) => voice.countsAs !== 'unknown');
  const [first] = counted;
  if (first === undefined)
    return {
      status: 'unknown',
      since: null,
      decidedBy: null,
      disagreement: false,
      reason: noneWords(ordered),
    };
  const own = counted.filter((voice) => voice.witness === first.witness);
  const status = statusOf(own);
  const decider = own.find((voice) => voice.countsAs === status) ?? first;
  const against = counted.filter(
    (voice) => voice.witness !== first.witness && isAlive(voice.countsAs) !== isAlive(status),
  );
  const mixed = status === 'degraded' ? own.filter((voice) => voice.countsAs !== 'online') : [decider];
  const reason = [
    ...(mixed.length === 0 ? [decider] : mixed).map((voice) => voice.words),
    ...(against.length === 0 ? [] : [disagreementWords(decider, against)]),
  ].join(' ');
  return {
    status,
    since: decider.since,
    decidedBy: decider.name,
    disagreement: against.length > 0,
    reason,
  };
}

function statusOf(own: readonly Voice[]): DeviceStatus {
  const alive = own.filter((voice) => isAlive(voice.countsAs));
  if (alive.length === 0)
    return own.some((voice) => voice.countsAs === 'offline') ? 'offline' : 'unresponsive';
  return alive.every((voice) => voice.countsAs === 'online') && alive.length === own.length
    ? 'online'
    : 'degraded';
}

function disagreementWords(decider: Voice, against: readonly Voice[]): string {
  const others = against.map((voice) => voice.words).join(' ');
  return `They disagree: ${others} ${decider.name} counts first.`;
}

function noneWords(ordered: readonly Voice[]): string {
  if (ordered.length === 0) return 'No source has reported on it yet.';
  return `Its state is not known. ${ordered.map((voice) => voice.words).join(' ')}`;
}

/** Why an operator should look at the device, or null. */
export function flagOf(verdict: DeviceVerdict, voices: readonly Voice[]): DeviceFlag | null {
  const { status } = verdict;
  if (status === 'offline' || status === 'unresponsive' || status === 'degraded') return status;
  if (verdict.disagreement) return 'sources_disagree';
  // A check that contradicts a live heartbeat counts as unknown, but it still says something else.
  const said = voices.filter((voice) => voice.fresh && voice.confirmed && voice.state !== 'unknown');
  if (status === 'online' && said.some((voice) => !isAlive(voice.state))) return 'sources_disagree';
  return status === 'unknown' && voices.length > 0 ? 'source_stale' : null;
}
