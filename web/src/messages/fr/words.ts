const plural = new Intl.PluralRules('fr');

const small = [
  'Aucun',
  'Un',
  'Deux',
  'Trois',
  'Quatre',
  'Cinq',
  'Six',
  'Sept',
  'Huit',
  'Neuf',
  'Dix',
  'Onze',
  'Douze',
];

export const figures = new Intl.NumberFormat('fr');

/** "1 appareil", "12 appareils"; zero is singular. */
export function count(n: number, one: string, many: string): string {
  return `${figures.format(n)} ${plural.select(n) === 'one' ? one : many}`;
}

/** "Deux appareils": words to twelve, figures beyond. `none` and `one` come with their article. */
export function spelled(n: number, none: string, one: string, many: string): string {
  if (n === 0) return none;
  return n === 1 ? one : `${small[n] ?? figures.format(n)} ${many}`;
}

export function spelledLow(n: number): string {
  return small[n]?.toLowerCase() ?? figures.format(n);
}
