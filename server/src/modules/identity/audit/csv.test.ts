import { describe, expect, it } from 'vitest';
import { csvLine } from './csv.ts';

describe('a line of CSV', () => {
  it('quotes text that would break the line', () => {
    expect(csvLine(['a', 'b,c', 'say "hi"', 'two\nlines'])).toBe('a,"b,c","say ""hi""","two\nlines"\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@sum', '\tx'])('makes %j harmless in a spreadsheet', (text) => {
    expect(csvLine([text])).toBe(`'${text}\r\n`);
  });
});
