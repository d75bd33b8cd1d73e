import { cutText } from '@watchkeeper/contracts/text';
import { bodyBytesMax, textOf } from '#platform/exchange/http-body';
import type { HttpAnswer } from '#platform/exchange/http-exchange';
import { isSameNumber, jsonSourceAt, parseJsonAnswer } from '#platform/exchange/json-answer';
import { failed, type Probe, unable } from '#platform/exchange/probe';
import { matchPattern } from './bounded-regex.ts';
import type { HttpConfig } from './http-config.ts';
import { parseJsonPath, readJsonPath } from './json-path.ts';

type Asserted = Pick<HttpConfig, 'body_contains' | 'body_not_contains' | 'body_matches' | 'json'>;

/** Whether the config tests the body. */
export function assertsBody(config: Asserted): boolean {
  return (
    config.body_contains !== undefined ||
    config.body_not_contains !== undefined ||
    config.body_matches !== undefined ||
    config.json !== undefined
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

/** The first assertion that failed or could not be tested; null when all hold. `owner`: an organization's id. */
export async function brokenAssertion(
  config: HttpConfig,
  answer: HttpAnswer,
  totalMs: number,
  owner: string,
): Promise<Pick<Probe, 'outcome' | 'reason'> | null> {
  const broken = brokenHead(config, answer, totalMs);
  if (broken !== null) return failed(broken);
  return assertsBody(config) ? await brokenBody(config, answer, owner) : null;
}

function brokenHead(config: HttpConfig, answer: HttpAnswer, totalMs: number): string | null {
  if (!isStatusWanted(answer.status, config.expect_status))
    return `The status is ${answer.status}, not ${config.expect_status.join(', ')}.`;
  if (config.time_ms_max !== undefined && totalMs > config.time_ms_max)
    return `The answer took ${Math.round(totalMs)} ms; the limit is ${config.time_ms_max} ms.`;
  for (const wanted of config.expect_headers ?? []) {
    const value = answer.headers[wanted.name.toLowerCase()];
    if (value === undefined) return `The header ${wanted.name} is missing.`;
    if (wanted.contains !== undefined && !value.includes(wanted.contains))
      return `The header ${wanted.name} is "${cutText(value, 200)}" and does not contain "${wanted.contains}".`;
  }
  return null;
}

async function brokenBody(
  config: HttpConfig,
  answer: HttpAnswer,
  owner: string,
): Promise<Pick<Probe, 'outcome' | 'reason'> | null> {
  const { body_contains: contains, body_not_contains: lacks, body_matches: pattern, json } = config;
  if (answer.bodyFault !== null) return failed(`The body cannot be read. ${answer.bodyFault}`);
  const text = textOf(answer.body, answer.headers['content-type'], answer.truncated);
  const [where, not] = answer.truncated
    ? [`first ${bodyBytesMax} bytes of the body`, 'do not']
    : ['body', 'does not'];
  if (contains !== undefined && !text.includes(contains))
    return failed(`The ${where} ${not} contain "${contains}".`);
  if (lacks !== undefined && text.includes(lacks))
    return failed(`The ${where} ${answer.truncated ? 'contain' : 'contains'} "${lacks}".`);
  if (pattern !== undefined) {
    const broken = await brokenPattern(pattern, text, `${where} ${not}`, owner);
    if (broken !== null) return broken;
  }
  const broken = json === undefined ? null : brokenJson(json, text, answer.truncated);
  return broken === null ? null : failed(broken);
}

async function brokenPattern(
  pattern: string,
  text: string,
  whatNot: string,
  owner: string,
): Promise<Pick<Probe, 'outcome' | 'reason'> | null> {
  const match = await matchPattern(owner, pattern, text);
  if (typeof match === 'object') return unable(`The pattern ${pattern} cannot be used: it ${match.refused}.`);
  switch (match) {
    case 'yes':
      return null;
    case 'no':
      return failed(`The ${whatNot} match ${pattern}.`);
    case 'too_slow':
      return unable(`The pattern ${pattern} took too long on this body and was stopped.`);
    case 'busy':
      return unable('Too many patterns are waiting; this one was not tried in time.');
  }
}

function brokenJson(json: NonNullable<HttpConfig['json']>, text: string, truncated: boolean): string | null {
  if (truncated) return `The body is longer than ${bodyBytesMax} bytes and is not read as JSON.`;
  const answer = parseJsonAnswer(text);
  if ('fault' in answer) return `The body is not read as JSON: ${answer.fault}.`;
  for (const { path, equals } of json) {
    const steps = parseJsonPath(path) ?? [];
    const found = readJsonPath(answer.value, steps);
    if (found === undefined) return `The JSON has no value at ${path}.`;
    if (equals === undefined) continue;
    const shown =
      typeof found === 'number'
        ? (jsonSourceAt(text, steps) ?? String(found))
        : typeof found === 'string'
          ? found
          : JSON.stringify(found);
    const same = typeof found === 'number' && isSameNumber(shown, String(equals));
    if (!same && shown !== String(equals)) return `${path} is ${cutText(shown, 200)}, not ${equals}.`;
  }
  return null;
}
