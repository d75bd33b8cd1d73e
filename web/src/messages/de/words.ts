const small = [
  'Kein',
  'Ein',
  'Zwei',
  'Drei',
  'Vier',
  'Fünf',
  'Sechs',
  'Sieben',
  'Acht',
  'Neun',
  'Zehn',
  'Elf',
  'Zwölf',
];

export const figures = new Intl.NumberFormat('de');

/** "1 Gerät", "12 Geräte". */
export function count(n: number, one: string, many: string): string {
  return `${figures.format(n)} ${n === 1 ? one : many}`;
}

/** "Zwei Geräte": Wörter bis zwölf, darüber Ziffern. `one` und `none` stehen mit ihrem Artikel. */
export function spelled(n: number, none: string, one: string, many: string): string {
  if (n === 0) return none;
  return n === 1 ? one : `${small[n] ?? figures.format(n)} ${many}`;
}

export function spelledLow(n: number): string {
  return small[n]?.toLowerCase() ?? figures.format(n);
}

/** "vor 9 Sek." has its full stop already. */
export function ended(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
