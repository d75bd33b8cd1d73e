import { cutText } from '@watchkeeper/contracts/text';

/** Words in a field's name that mean a secret; `webhook_url` has a token in its path. */
const secretName =
  /(^|_)(password|passphrase|secret|secrets|token|tokens|hash|authorization|cookie|credential|credentials|private_key|api_key|key|webhook_url|smtp_url|ping_url)$/;
/** Our own credentials and signing secrets, in any text. */
const secretValue = /\b(?:wk_|wkd_|whsec_)[\w+/=-]{8,}|\beyJ[\w-]+\.[\w-]+\.[\w-]+/g;
const userInfo = /(\/\/)[^/\s@]+@/g;

export const redacted = '[redacted]';
const depthMax = 8;
const textLengthMax = 2_000;
const itemsMax = 200;

/** A copy of `value` that may be kept for years: without secrets and long texts. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || Buffer.isBuffer(value)) return value === undefined ? null : redacted;
  if (depth >= depthMax) return '[nested too deeply]';
  if (Array.isArray(value) || value instanceof Set) {
    return [...value].slice(0, itemsMax).map((item) => redact(item, depth + 1));
  }
  const entries = Object.entries(value).slice(0, itemsMax);
  return Object.fromEntries(
    entries
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => [name, isSecret(name, item) ? redacted : redact(item, depth + 1)]),
  );
}

function isSecret(name: string, value: unknown): boolean {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return false;
  return secretName.test(name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase());
}

function redactText(text: string): string {
  const clean = text.replace(secretValue, redacted).replace(userInfo, `$1${redacted}@`);
  return cutText(clean, textLengthMax + 1);
}
