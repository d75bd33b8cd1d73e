const slugLengthMax = 63;

/** "Bay 4 – Größe" becomes "bay-4-grosse": what the contracts' Slug accepts, or an empty string. */
export function toSlug(name: string): string {
  return name
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, slugLengthMax)
    .replaceAll(/^-+|-+$/g, '');
}
