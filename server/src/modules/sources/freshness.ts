import { sourceFreshSeconds } from '@watchkeeper/contracts/device-status';

/** What was read then still counts. */
export function isFresh(at: Date | null, now: number): boolean {
  return at !== null && now - at.getTime() <= sourceFreshSeconds * 1_000;
}
