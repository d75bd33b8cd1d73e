import { t } from '../../messages';

interface PlaceNames {
  site: (slug: string) => string;
}

/** The word for "everywhere" and for "everything there". */
export const everything = 'all';

/** Apart from the other words of a window: the first page of the console needs only these. */
export function placeWords(location: string, names: PlaceNames): string {
  return location === everything ? t.runningWork.everywhere : names.site(location);
}
