import { firstHop, nextHop } from '#platform/outbound/hop';
import { OutboundRefused } from '#platform/outbound/outbound';
import { parseTarget } from '#platform/outbound/target';
import { refusedPattern } from '../bounded-regex.ts';
import { brokenAssertion, readsBody } from '../http-assertions.ts';
import { type HttpConfig, httpSchema } from '../http-config.ts';
import { exchangeHttp, type HttpAnswer } from '../http-exchange.ts';
import { parseJsonPath } from '../json-path.ts';
import { defineCheckKind, failed, ok, type ProbeDeps } from '../kind.ts';
import { certificateFacts, daysLeftReason } from './tls.ts';

export const http = defineCheckKind({
  kind: 'http',
  label: 'HTTP',
  help: 'Makes a request on a new connection and checks the answer: status, time, headers, text or JSON of the body, days left of the certificate.',
  schema: httpSchema,
  secrets: ['secret_headers'],
  fixture: {
    url: 'https://shop.example.com/health',
    method: 'GET',
    redirects_max: 0,
    expect_status: ['2xx'],
    time_ms_max: 2_000,
    json: [{ path: '$.status', equals: 'ok' }],
    certificate_days_left_min: 14,
    keep_body_bytes: 0,
    skip_verify: false,
  },
  check: mistakesOf,
  target: (config) => URL.parse(config.url)?.hostname ?? config.url,
  async run(config, deps) {
    const started = performance.now();
    const answer = await followRedirects(config, deps, started);
    const totalMs = performance.now() - started;
    const facts =
      answer.certificate === undefined ? undefined : certificateFacts(answer.certificate, deps.now());
    const details = {
      status: answer.status,
      body_bytes: answer.bodyBytes,
      ...(answer.truncated ? { body_truncated: true } : {}),
      ...(config.keep_body_bytes > 0
        ? { body: answer.body.subarray(0, config.keep_body_bytes).toString('utf8').replaceAll('\0', '') }
        : {}),
      ...facts,
    };
    const daysMin = config.certificate_days_left_min;
    if (daysMin !== undefined && facts !== undefined && facts.certificate_days_left < daysMin)
      return failed(daysLeftReason(facts, daysMin), details);
    const broken = brokenAssertion(config, answer, totalMs);
    return broken === null ? ok(`Status ${answer.status}.`, details) : failed(broken, details);
  },
});

async function followRedirects(config: HttpConfig, deps: ProbeDeps, started: number): Promise<HttpAnswer> {
  const wish = { ca: config.ca, verify: !config.skip_verify, keepBody: readsBody(config), started };
  let hop = firstHop(config.url, {
    method: config.method,
    headers: { ...config.headers, ...config.secret_headers },
    ...(config.body === undefined ? {} : { body: config.body }),
    signal: deps.signal,
    timeoutMs: deps.timeoutMs,
    bodyBytesMax: 0,
  });
  for (let followed = 0; ; followed += 1) {
    const answer = await exchangeHttp(hop, deps, wish);
    const next = followed < config.redirects_max ? nextHop(hop, answer) : undefined;
    if (next === undefined) return answer;
    deps.log(`redirected to ${next.url.origin}${next.url.pathname}`);
    hop = next;
  }
}

function mistakesOf(config: HttpConfig): { field: string; message: string }[] {
  const mistakes: { field: string; message: string }[] = [];
  try {
    parseTarget(config.url);
  } catch (error) {
    if (error instanceof OutboundRefused)
      mistakes.push({ field: 'url', message: error.message.replace(/\.$/, '') });
    else throw error;
  }
  const refused = config.body_matches === undefined ? undefined : refusedPattern(config.body_matches);
  if (refused !== undefined) mistakes.push({ field: 'body_matches', message: refused });
  for (const [index, { path }] of (config.json ?? []).entries()) {
    if (parseJsonPath(path) === undefined)
      mistakes.push({ field: `json.${index}.path`, message: 'is not a path such as $.items[0].name' });
  }
  return mistakes;
}
