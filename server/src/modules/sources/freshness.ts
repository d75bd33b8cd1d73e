import { sourceFreshSeconds } from '@watchkeeper/contracts/device-status';

/** Whether data that was read at this time still counts. */
export function isFresh(at: Date | null, now: number): boolean {
  return at !== null && now - at.getTime() <= sourceFreshSeconds * 1_000;
}
