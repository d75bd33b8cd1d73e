import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { matches } from './bounded-regex.ts';
import type { HttpConfig } from './http-config.ts';
import type { HttpAnswer } from './http-exchange.ts';
import { bodyBytesMax } from './http-exchange.ts';
import { parseJsonPath, readJsonPath } from './json-path.ts';

export function readsBody(config: HttpConfig): boolean {
  return (
    config.body_contains !== undefined ||
    config.body_not_contains !== undefined ||
    config.body_matches !== undefined ||
    config.json !== undefined ||
    config.keep_body_bytes > 0
  );
}

/** `200`, `200-299` or `2xx`. */
export function isStatusWanted(status: number, wanted: readonly string[]): boolean {
  return wanted.some((one) => {
    if (/^[1-5]xx$/.test(one)) return Math.floor(status / 100) === Number(one[0]);
    const [from = '', to = from] = one.split('-');
    return status >= Number(from) && status <= Number(to);
  });
}

/** The first assertion that does not hold, in words; null when all hold. */
export function brokenAssertion(config: HttpConfig, answer: HttpAnswer, totalMs: number): string | null {
  if (!isStatusWanted(answer.status, config.expect_status))
    return `The status is ${answer.status}, not ${config.expect_status.join(', ')}.`;
  if (config.time_ms_max !== undefined && totalMs > config.time_ms_max)
    return `The answer took ${Math.round(totalMs)} ms; the limit is ${config.time_ms_max} ms.`;
  for (const wanted of config.expect_headers ?? []) {
    const value = answer.headers[wanted.name.toLowerCase()];
    if (value === undefined) return `The header ${wanted.name} is missing.`;
    if (wanted.contains !== undefined && !value.includes(wanted.contains))
      return `The header ${wanted.name} is "${value.slice(0, 200)}" and does not contain "${wanted.contains}".`;
  }
  return brokenBody(config, answer);
}

function brokenBody(config: HttpConfig, answer: HttpAnswer): string | null {
  const { body_contains: contains, body_not_contains: lacks, body_matches: pattern, json } = config;
  if (contains === undefined && lacks === undefined && pattern === undefined && json === undefined)
    return null;
  const unpacked = unpack(answer);
  if (unpacked === null) return `The body unpacks to more than ${bodyBytesMax} bytes, or not at all.`;
  const text = unpacked.toString('utf8');
  const where = answer.truncated ? `first ${bodyBytesMax} bytes of the body` : 'body';
  if (contains !== undefined && !text.includes(contains))
    return `The ${where} does not contain "${contains}".`;
  if (lacks !== undefined && text.includes(lacks)) return `The ${where} contains "${lacks}".`;
  if (pattern !== undefined) {
    const matched = matches(pattern, text);
    if (matched === null) return `The pattern ${pattern} took too long on this body and was given up.`;
    if (!matched) return `The ${where} does not match ${pattern}.`;
  }
  return json === undefined ? null : brokenJson(json, text, answer.truncated);
}

function brokenJson(json: NonNullable<HttpConfig['json']>, text: string, truncated: boolean): string | null {
  if (truncated) return `The body is longer than ${bodyBytesMax} bytes and is not read as JSON.`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'The body is not JSON.';
  }
  for (const { path, equals } of json) {
    const found = readJsonPath(value, parseJsonPath(path) ?? []);
    if (found === undefined) return `The JSON has nothing at ${path}.`;
    if (equals === undefined) continue;
    const shown = typeof found === 'string' ? found : JSON.stringify(found);
    if (shown !== String(equals)) return `${path} is ${shown.slice(0, 200)}, not ${equals}.`;
  }
  return null;
}

/** Some servers compress unasked. null: it is not what it says, or a bomb. */
function unpack(answer: HttpAnswer): Buffer | null {
  const encoding = answer.headers['content-encoding']?.toLowerCase() ?? 'identity';
  const bound = { maxOutputLength: bodyBytesMax };
  try {
    if (encoding === 'gzip' || encoding === 'x-gzip') return gunzipSync(answer.body, bound);
    if (encoding === 'deflate') return inflateSync(answer.body, bound);
    if (encoding === 'br') return brotliDecompressSync(answer.body, bound);
    return answer.body;
  } catch {
    return null;
  }
}
