import { ApiError } from './problem';

/** The header of a write that is valid only if nobody has written since this version was read. */
export function ifMatch({ version }: { version: number }): { 'if-match': string } {
  return { 'if-match': `"${version}"` };
}

/** Refused because somebody else wrote in between. */
export function isChangedMeanwhile(error: unknown): boolean {
  return error instanceof ApiError && error.status === 412;
}
