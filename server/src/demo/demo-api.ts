import type { Logger } from '#platform/log';
import { demoSlug } from './places.ts';

/** Creating the demonstration takes long on a busy machine. */
const timeoutMs = 120_000;
/** A job creates the default rules. The demonstration checks for them this many times. */
const seedTries = 40;
const seedPauseMs = 250;

export interface DemoApi {
  post(path: string, body: unknown): Promise<unknown>;
  /** Creates the entry with this slug in the collection, or updates it. */
  ensure(collection: string, slug: string, body: object): Promise<unknown>;
  /** Sets the limit of the organization's own device_offline rule. */
  shortenSilence(seconds: number): Promise<void>;
}

interface RuleRow {
  id: string;
  type: string;
  version: number;
  [field: string]: unknown;
}

/** The product's own HTTP interface, used like any device or script would. */
export function demoApi(url: string, key: string, log: Logger): DemoApi {
  async function send(method: string, path: string, body?: unknown): Promise<Response> {
    return await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
  }

  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await send(method, path, body);
    const answer: unknown = await response.json();
    if (!response.ok)
      throw new Error(`${method} ${path} answered ${response.status}: ${JSON.stringify(answer)}`);
    return answer;
  }

  async function offlineRule(): Promise<RuleRow | undefined> {
    // Safe because the OpenAPI document promises this shape.
    const page = (await call('GET', `/api/v1/${demoSlug}/rules?limit=100`)) as { data: RuleRow[] };
    return page.data.find((rule) => rule.type === 'device_offline');
  }

  return {
    post: (path, body) => call('POST', path, body),
    async ensure(collection, slug, body) {
      const known = await send('GET', `${collection}/${slug}`);
      await known.body?.cancel();
      return known.status === 404
        ? await call('POST', collection, { ...body, slug })
        : await call('PUT', `${collection}/${slug}`, body);
    },
    async shortenSilence(seconds) {
      for (let attempt = 0; attempt < seedTries; attempt += 1) {
        const rule = await offlineRule();
        if (rule !== undefined) {
          await call('PUT', `/api/v1/${demoSlug}/rules/${rule.id}`, {
            ...editable(rule),
            config: { limit_seconds: seconds },
          });
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, seedPauseMs));
      }
      log.warn(
        'the demonstration found no device_offline rule to shorten; silence shows after the usual limit',
      );
    },
  };
}

const editableFields = [
  'type',
  'name',
  'kind',
  'config',
  'severity',
  'enabled',
  'auto_resolve',
  'cooldown_seconds',
  'cooldown',
  'site',
  'device_type',
  'escalation_rules',
];

function editable(rule: RuleRow): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(rule).filter(([field, value]) => editableFields.includes(field) && value !== null),
  );
}
