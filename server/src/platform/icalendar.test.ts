import { expect, test } from 'vitest';
import { escapeText, foldLine } from './icalendar.ts';

test('text of an operator cannot break out of its line', () => {
  expect(escapeText('Switches; cables, \\ and\r\nEND:VEVENT\u0007')).toBe(
    'Switches\\; cables\\, \\\\ and\\nEND:VEVENT ',
  );
});

test('long lines are folded at 75 octets, never inside a character, and unfold to the original', () => {
  const line = `SUMMARY:${'ü€🏌'.repeat(40)}`;
  const folded = foldLine(line).split('\r\n');
  expect(folded.every((part) => Buffer.byteLength(part) <= 75)).toBe(true);
  expect(folded.map((part, index) => (index === 0 ? part : part.slice(1))).join('')).toBe(line);
});
