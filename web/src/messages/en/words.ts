const plural = new Intl.PluralRules('en');

const small = [
  'No',
  'One',
  'Two',
  'Three',
  'Four',
  'Five',
  'Six',
  'Seven',
  'Eight',
  'Nine',
  'Ten',
  'Eleven',
  'Twelve',
];

export const figures = new Intl.NumberFormat('en');

/** "1 device", "12 devices". */
export function count(n: number, one: string, many: string): string {
  return `${figures.format(n)} ${plural.select(n) === 'one' ? one : many}`;
}

/** "Two things": words to twelve, figures beyond. */
export function spelled(n: number, one: string, many: string): string {
  return `${small[n] ?? figures.format(n)} ${n === 1 ? one : many}`;
}

/** "two": the same inside a sentence. */
export function spelledLow(n: number): string {
  return small[n]?.toLowerCase() ?? figures.format(n);
}
