import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { Recent } from '../recent.ts';
import { networkOf } from './peer.ts';

/** Limit per network and process: far more than misconfigured devices need, far less than guessing needs. */
export const wrongPerMinute = 600;
const windowMs = 60_000;
/** When there are more, the oldest are forgotten. */
const networksMax = 20_000;
const knownMax = 50_000;

/**
 * Counts credentials that were wrong, whatever their kind. When a network has used up its share, its
 * credentials are not looked up until the minute is over. A credential that was valid here before is still
 * looked up, so that a stranger cannot lock out others in the same network.
 */
export interface WrongCredentials {
  /**
   * Before a lookup; `credential` is a text that identifies it, never the secret itself.
   * @throws
   * rate_limited
   */
  admit(peer: string, credential: () => string): void;
  /** Counts one; true for the first `wrongPerMinute` of a minute, so that a log of them is bounded too. */
  wrong(peer: string): boolean;
  good(credential: string): void;
}

export function createWrongCredentials(clock: Pick<Clock, 'monotonic'>): WrongCredentials {
  const counts = new Recent<{ count: number; until: number }>(networksMax);
  const known = new Recent<true>(knownMax);
  return {
    admit(peer, credential) {
      const entry = counts.get(networkOf(peer));
      if (entry === undefined || entry.count < wrongPerMinute) return;
      const leftMs = entry.until - clock.monotonic();
      if (leftMs <= 0 || known.get(credential()) !== undefined) return;
      const seconds = Math.max(1, Math.ceil(leftMs / 1000));
      throw new AppError(
        'rate_limited',
        `More than ${wrongPerMinute} wrong credentials came from your network within a minute. Wait ${seconds} s.`,
        { retryAfterSeconds: seconds },
      );
    },
    wrong(peer) {
      const network = networkOf(peer);
      const now = clock.monotonic();
      const entry = counts.get(network);
      if (entry !== undefined && entry.until > now) {
        entry.count += 1;
        return entry.count <= wrongPerMinute;
      }
      counts.set(network, { count: 1, until: now + windowMs });
      return true;
    },
    good: (credential) => known.set(credential, true),
  };
}
