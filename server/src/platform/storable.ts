/** Removes parts that PostgreSQL cannot store from values, before they go into statements. */

/** A text column can hold neither NUL nor half of a surrogate pair. */
export function storableText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

/** The path to the first text or key that neither text nor jsonb can hold; undefined when there is none. */
export function findUnstorable(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : [];
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const within = isStorable(key) ? findUnstorable(item) : [];
    if (within !== undefined) return [key, ...within];
  }
  return undefined;
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** A value is cut at this depth, because later readers recurse as well. */
const depthMax = 64;
/** Limit of parts of one value, because a value may contain itself. */
const partsMax = 1_000_000;

/**
 * JSON text with a match may contain something that jsonb refuses: NUL, half a surrogate pair, a year of more than four
 * digits. A match may also be text that only looks like an escape; the walk below leaves that unchanged.
 */
const suspect = /\\u0000|\\u[dD][89a-fA-F]|"(?:[+-]\d{6}|0000)-\d\d-\d\dT/;

/**
 * JSON text that json and jsonb accept, whatever a third party put into `value`: texts and keys without NUL and half
 * characters, NaN and infinity as null, dates without a four-digit year as null, and bigints as text.
 */
export function toJson(value: unknown): string {
  const plain = stringify(value);
  if (plain !== undefined && !suspect.test(plain)) return plain;
  return JSON.stringify(storable(value, 0, { parts: partsMax })) ?? 'null';
}

/** undefined when the value holds something that JSON cannot express, or contains itself. */
function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function storable(value: unknown, depth: number, left: { parts: number }): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return storableTime(value);
  left.parts -= 1;
  if (depth >= depthMax || left.parts < 0) return null;
  if (Array.isArray(value)) return value.map((item) => storable(item, depth + 1, left));
  // Without a prototype, because a key may be `__proto__`.
  const clean: Record<string, unknown> = Object.create(null);
  for (const [key, item] of Object.entries(value)) clean[storableText(key)] = storable(item, depth + 1, left);
  return clean;
}

function storableTime(time: Date): string | null {
  const year = time.getUTCFullYear();
  return year >= 1 && year <= 9_999 ? time.toISOString() : null;
}
