import { isName } from '@watchkeeper/contracts/text';
import { normalizeTimeZone } from '#modules/inventory';
import { invalidField } from '#platform/errors';

/** The limits of Healthchecks. */
const secondsMin = 60;
const secondsMax = 31_536_000;
const descLengthMax = 4_500;
const tagLengthMax = 100;
const tagsMax = 50;
const slugPattern = /^[a-z0-9-_]*$/;

export const uniqueFields = ['name', 'slug', 'tags', 'timeout', 'grace'] as const;
type UniqueField = (typeof uniqueFields)[number];

/** The fields that a request sets. Others stay as they are, or get the default of a new check. */
export interface Spec {
  readonly name?: string;
  readonly slug?: string;
  readonly tags?: readonly string[];
  readonly desc?: string;
  readonly timeout?: number;
  readonly grace?: number;
  readonly schedule?: string;
  readonly tz?: string;
  readonly manual_resume?: boolean;
  readonly methods?: '' | 'POST';
  readonly channels?: string;
  readonly unique?: readonly UniqueField[];
  readonly start_kw?: string;
  readonly success_kw?: string;
  readonly failure_kw?: string;
  readonly filter_http_body?: boolean;
}

type Reader = (value: unknown) => unknown;
/** A fault in the request, in the words that Healthchecks' clients know. */
class Mistake extends Error {}

function text(lengthMax: number): Reader {
  return (value) => {
    if (typeof value !== 'string') throw new Mistake('is not a string');
    if (value.length > lengthMax) throw new Mistake('is too long');
    if (!value.isWellFormed() || value.includes('\0')) throw new Mistake('holds an item that is not text');
    return value;
  };
}

function seconds(value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw new Mistake('is not a number');
  if (value < secondsMin) throw new Mistake('is too small');
  if (value > secondsMax) throw new Mistake('is too large');
  return value;
}

function flag(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new Mistake('is not a boolean');
  return value;
}

function nameOf(value: unknown): string {
  const name = String(text(100)(value));
  if (name !== '' && !isName(name))
    throw new Mistake('holds control characters or line breaks, or no visible character');
  return name;
}

function slugOf(value: unknown): string {
  const slug = String(text(100)(value));
  if (!slugPattern.test(slug)) throw new Mistake('does not match pattern');
  if (/^[-_]|[-_]$/.test(slug)) throw new Mistake('must begin and end with a letter or digit');
  return slug;
}

function tagsOf(value: unknown): string[] {
  const tags = String(text(tagsMax * (tagLengthMax + 1))(value))
    .split(/\s+/)
    .filter((tag) => tag !== '');
  if (tags.length > tagsMax || tags.some((tag) => tag.length > tagLengthMax))
    throw new Mistake('is too long');
  return [...new Set(tags)];
}

function zoneOf(value: unknown): string {
  const zone = normalizeTimeZone(String(text(64)(value)));
  if (zone === undefined) throw new Mistake('is not a valid timezone');
  return zone;
}

function methodsOf(value: unknown): string {
  if (value !== '' && value !== 'POST') throw new Mistake('has unexpected value');
  return value;
}

function uniqueOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Mistake('is not an array');
  // A longer list must contain a field twice.
  const given: readonly unknown[] = value.slice(0, uniqueFields.length + 1);
  const known: readonly unknown[] = uniqueFields;
  if (given.length < value.length || !given.every((item) => known.includes(item)))
    throw new Mistake(`has an item with unexpected value; it takes each of ${uniqueFields.join(', ')} once`);
  return given;
}

/** E-mails cannot be check-ins here, so the fields about them must be empty. */
function noMail(value: unknown): undefined {
  if (value !== '' && value !== false)
    throw new Mistake(
      'is about e-mail, which cannot check in here; send the words as success_kw, failure_kw or start_kw with filter_http_body',
    );
}

function noDefaultFail(value: unknown): undefined {
  if (flag(value)) throw new Mistake('cannot be true: a ping without one of the words does not count here');
}

const ignored: Reader = () => undefined;

const readers = new Map<string, Reader>([
  ['name', nameOf],
  ['slug', slugOf],
  ['tags', tagsOf],
  ['desc', text(descLengthMax)],
  ['timeout', seconds],
  ['grace', seconds],
  ['schedule', text(100)],
  ['tz', zoneOf],
  ['manual_resume', flag],
  ['methods', methodsOf],
  ['channels', text(10_000)],
  ['unique', uniqueOf],
  ['start_kw', text(200)],
  ['success_kw', text(200)],
  ['failure_kw', text(200)],
  ['filter_http_body', flag],
  ['filter_subject', noMail],
  ['filter_body', noMail],
  ['subject', noMail],
  ['subject_fail', noMail],
  ['filter_default_fail', noDefaultFail],
  // A client may send back an answer that it received. These fields of it are ignored.
  ...[
    'api_key',
    'n_pings',
    'status',
    'started',
    'last_ping',
    'next_ping',
    'last_duration',
    'badge_url',
    'uuid',
    'unique_key',
    'ping_url',
    'update_url',
    'pause_url',
    'resume_url',
  ].map((name): [string, Reader] => [name, ignored]),
]);

/** Stops at the first mistake, like Healthchecks. @throws validation_failed */
export function parseSpec(body: Readonly<Record<string, unknown>>): Spec {
  const spec: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(body)) {
    const read = readers.get(field);
    if (read === undefined) throw invalidField(field.slice(0, 64), 'is not a field of this API');
    try {
      const parsed = read(value);
      if (parsed !== undefined) spec[field] = parsed;
    } catch (error) {
      if (error instanceof Mistake) throw invalidField(field, error.message);
      throw error;
    }
  }
  // Safe because each reader returns the type that Spec has for its field.
  return spec as Spec;
}
