import { expect, test } from 'vitest';
import { toCsv } from './csv';

test('a table becomes lines; text that would break a cell is quoted', () => {
  expect(
    toCsv(
      ['at', 'value'],
      [
        ['2026-01-01', 1.5],
        ['a,"b"', null],
      ],
    ),
  ).toBe('at,value\r\n2026-01-01,1.5\r\n"a,""b""",\r\n');
});

test('text that a spreadsheet would run stays text, numbers stay numbers', () => {
  expect(toCsv(['x'], [['=1+1'], [-3]])).toBe("x\r\n'=1+1\r\n-3\r\n");
});
