import { cutText } from '@watchkeeper/contracts/text';

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

const textLengthMax = 100;

/** A duration in Go's format, in milliseconds; null for an empty text; otherwise the error text, as Go words it. */
export function parseGoDuration(text: string): number | null | string {
  if (text === '') return null;
  const shown = JSON.stringify(cutText(text, textLengthMax, ''));
  const invalid = `time: invalid duration ${shown}`;
  if (text.length > textLengthMax) return invalid;
  const [, sign, rest = ''] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  if (rest === '0') return 0;
  let total = 0;
  let left = rest;
  while (left !== '') {
    const [whole, number, unit] = /^(\d+\.?\d*|\.\d+)([^\d.]*)/.exec(left) ?? [];
    if (whole === undefined || number === undefined) return invalid;
    if (unit === undefined || unit === '') return `time: missing unit in duration ${shown}`;
    const factor = unitMs[unit];
    if (factor === undefined) return `time: unknown unit ${JSON.stringify(unit)} in duration ${shown}`;
    total += Number(number) * factor;
    left = left.slice(whole.length);
  }
  return rest === '' ? invalid : sign === '-' ? -total : total;
}
