import { t } from '../messages';

/** How many a field that finds has to choose from, in words. */
export function pickStatus(count: number, pending: boolean): string {
  if (count > 0) return t.palette.count(count);
  return pending ? t.palette.looking : t.palette.none;
}
