import { expect, test } from 'vitest';
import { cutText, isName, isolate, oneLine } from './text.ts';

const graphemes = (text: string) => [...new Intl.Segmenter().segment(text)].map((one) => one.segment);

test.each([
  ['an emoji', '😀'],
  ['a flag', '🇨🇦'],
  ['a family', '👨‍👩‍👧‍👦'],
  ['a skin tone', '👋🏽'],
  ['a combined accent', 'e\u0301'],
  ['a keycap', '1️⃣'],
  ['a syllable', '각'],
  ['a conjunct', 'क्षि'],
  ['a flag of a region', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
])('a cut at any place never breaks %s', (_what, sign) => {
  const text = `Bay ${sign.repeat(8)} PC`;
  const whole = graphemes(text);
  for (let max = 2; max < text.length; max += 1) {
    const cut = cutText(text, max);
    expect(cut.length).toBeLessThanOrEqual(max);
    expect(cut.endsWith('…')).toBe(true);
    expect(whole.join('').startsWith(cut.slice(0, -1))).toBe(true);
    expect(graphemes(cut.slice(0, -1))).toEqual(whole.slice(0, graphemes(cut.slice(0, -1)).length));
    expect(cutText(text, max, '').length).toBeLessThanOrEqual(max);
  }
});

test('a text that fits is unchanged, and a thousand accents on one letter are still cut', () => {
  expect(cutText('Bay 1', 5)).toBe('Bay 1');
  const heap = `e${'\u0301'.repeat(1_000)}`;
  expect(cutText(heap, 600)).toHaveLength(600);
  expect(cutText('\uD83D'.repeat(30), 10)).toHaveLength(10);
  expect(cutText('😀'.repeat(200_000), 101).length).toBeLessThanOrEqual(101);
});

test.each([
  'Bay 1',
  'Caisse n° 2',
  'خليج ١',
  'מפרץ',
  '卡座 3',
  '😀',
  '👨‍👩‍👧',
  'می‌خواهم',
  '-',
  '  Bay  ',
  '🏴󠁧󠁢󠁳󠁣󠁴󠁿',
])('"%s" may be a name', (name) => {
  expect(isName(name)).toBe(true);
});

test.each([
  ['nothing', ''],
  ['spaces', '   '],
  ['a zero width space', '\u200B'],
  ['joiners', '\u200D\u200C'],
  ['a Hangul filler', '\u3164'],
  ['a blank of Braille', '\u2800'],
  ['an accent alone', '\u0301'],
  ['a variation selector', '\uFE0F'],
  ['a byte order mark', '\uFEFF'],
  ['a line break', 'Bay\nBcc: x@y'],
  ['a carriage return', 'Bay\rx'],
  ['a line separator', 'Bay\u2028Why: all is well'],
  ['a paragraph separator', 'Bay\u2029x'],
  ['a next line', 'Bay\u0085x'],
  ['a NUL', 'Bay\u0000'],
  ['an escape', '\u001B[31mBay'],
  ['a delete', 'Bay\u007F'],
  ['an override of direction', 'Bay \u202Egpj.exe'],
  ['an isolate that never ends', 'Bay \u2067'],
  ['half a surrogate pair', 'Bay \uD83D'],
])('%s is refused as a name', (_what, name) => {
  expect(isName(name)).toBe(false);
});

test("a stranger's text becomes one line that cannot change the direction of other text", () => {
  expect(oneLine('  1.2\r\nWhy: \u2028 all\tis\u0000well \u202E ')).toBe('1.2 Why: all is well');
});

test('text from right to left is isolated, other text is unchanged', () => {
  expect(isolate('Bay 1')).toBe('Bay 1');
  expect(isolate('מפרץ 1')).toBe('\u2068מפרץ 1\u2069');
});
