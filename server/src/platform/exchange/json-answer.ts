/** Deepest nesting that is read. No real API nests deeper, and deep nesting is expensive. */
export const jsonDepthMax = 200;

/** `fault`: why it was not read, as the end of a sentence. */
export type JsonAnswer = { readonly value: unknown } | { readonly fault: string };

/** Parses text from another server. Its nesting is checked before anything is built from it. */
export function parseJsonAnswer(text: string): JsonAnswer {
  if (isDeeperThan(text, jsonDepthMax)) return { fault: `it is nested deeper than ${jsonDepthMax} levels` };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { fault: 'it is none' };
  }
}

const quote = 0x22;
const backslash = 0x5c;

function isDeeperThan(text: string, max: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at) - 1;
    else if (isOpening(code)) {
      depth += 1;
      if (depth > max) return true;
    } else if (isClosing(code)) depth -= 1;
  }
  return false;
}

/** The index after the closing quote of the string that begins at `at`. */
function endOfString(text: string, at: number): number {
  let here = at + 1;
  while (here < text.length) {
    const code = text.charCodeAt(here);
    if (code === quote) return here + 1;
    here += code === backslash ? 2 : 1;
  }
  return text.length;
}

function isOpening(code: number): boolean {
  return code === 0x5b || code === 0x7b;
}

function isClosing(code: number): boolean {
  return code === 0x5d || code === 0x7d;
}

/**
 * The value at a path as it is written in a valid JSON text. A number keeps all its digits; as a double it would keep
 * only 15. When a name is given twice, the last one counts, as in JSON.parse.
 */
export function jsonSourceAt(text: string, steps: readonly (string | number)[]): string | undefined {
  let at: number | undefined = pastSpace(text, 0);
  for (const step of steps) {
    if (at === undefined) return undefined;
    at = text[at] === '[' ? elementAt(text, at, step) : memberAt(text, at, step);
  }
  return at === undefined ? undefined : text.slice(at, endOfValue(text, at));
}

function elementAt(text: string, start: number, step: string | number): number | undefined {
  let at = pastSpace(text, start + 1);
  for (let index = 0; text[at] !== ']' && at < text.length; index += 1) {
    if (index === Number(step)) return at;
    at = pastComma(text, endOfValue(text, at));
  }
  return undefined;
}

function memberAt(text: string, start: number, step: string | number): number | undefined {
  let at = pastSpace(text, start + 1);
  let found: number | undefined;
  while (text[at] === '"') {
    const end = endOfString(text, at);
    const value = pastSpace(text, pastSpace(text, end) + 1);
    if (JSON.parse(text.slice(at, end)) === String(step)) found = value;
    at = pastComma(text, endOfValue(text, value));
  }
  return found;
}

function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = endOfString(text, at) - 1;
      if (depth === 0) return at + 1;
    } else if (isOpening(code)) depth += 1;
    else if (isClosing(code)) {
      depth -= 1;
      if (depth <= 0) return depth < 0 ? at : at + 1;
    } else if (depth === 0 && (code === 0x2c || code <= 0x20)) return at;
  }
  return text.length;
}

function pastSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && text.charCodeAt(at) <= 0x20) at += 1;
  return at;
}

function pastComma(text: string, start: number): number {
  const at = pastSpace(text, start);
  return text[at] === ',' ? pastSpace(text, at + 1) : at;
}

/** Whether two numbers, as they are written, are equal: 1, 1.0 and 1e0 are. Nothing is rounded. */
export function isSameNumber(one: string, other: string): boolean {
  const canonical = canonicalNumber(one);
  return canonical !== undefined && canonical === canonicalNumber(other);
}

/** A number with more digits is compared as text. */
const digitsMax = 1_000;

function canonicalNumber(text: string): string | undefined {
  if (text.length > digitsMax) return undefined;
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,15}))?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const short = digits.replace(/0+$/, '');
  if (short === '') return '0';
  return `${sign}${short}e${Number(exponent) - fraction.length + digits.length - short.length}`;
}
