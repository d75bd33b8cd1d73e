import { isIP } from 'node:net';
import { CookieJar } from 'tough-cookie';
import { type CertificateFacts, daysLeftReason } from '#platform/exchange/certificate';
import { textOf } from '#platform/exchange/http-body';
import { exchangeHttp, type HttpAnswer, type HttpWish } from '#platform/exchange/http-exchange';
import { failed, ok, type ProbeDeps } from '#platform/exchange/probe';
import { refusedHost } from '#platform/kinds/fields';
import { firstHop, type Hop, nextHop, vetHeaders } from '#platform/outbound/hop';
import { normalizeHostname } from '#platform/outbound/host';
import { OutboundRefused } from '#platform/outbound/outbound';
import { parseTarget, targetPort } from '#platform/outbound/target';
import { defineCheckKind } from '../kind.ts';
import { assertsBody, brokenAssertion } from '../probe/http-assertions.ts';
import { type HttpConfig, httpSchema } from '../probe/http-config.ts';
import { parseJsonPath } from '../probe/json-path.ts';
import { refusedPattern } from '../probe/regex-syntax.ts';

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
  hosts({ url, resolve_to: resolveTo }) {
    const target = URL.parse(url);
    if (target === null) return [];
    const port = targetPort(target);
    return resolveTo === undefined
      ? [{ field: 'url', host: hostnameOf(target), port }]
      : [{ field: 'resolve_to', host: resolveTo, port }];
  },
  target: (config) => config.resolve_to ?? URL.parse(config.url)?.hostname ?? config.url,
  async run(config, deps) {
    const started = performance.now();
    const { answer, certificate } = await followRedirects(config, deps, started);
    const totalMs = performance.now() - started;
    const details = {
      status: answer.status,
      body_bytes: answer.bodyBytes,
      ...(answer.truncated ? { body_truncated: true } : {}),
      ...(config.keep_body_bytes > 0 ? { body: keptText(answer, config.keep_body_bytes) } : {}),
      ...certificate,
    };
    const daysMin = config.certificate_days_left_min;
    if (daysMin !== undefined && certificate === undefined)
      return failed('There was no certificate: no request used https.', details);
    if (daysMin !== undefined && certificate !== undefined && certificate.certificate_days_left < daysMin)
      return failed(daysLeftReason(certificate, daysMin), details);
    const broken = await brokenAssertion(config, answer, totalMs, deps.owner);
    return broken === null ? ok(`Status ${answer.status}.`, details) : { ...broken, details };
  },
});

function keptText(answer: HttpAnswer, bytes: number): string {
  const text = textOf(answer.body.subarray(0, bytes), answer.headers['content-type'], true);
  return text.replaceAll('\0', '');
}

interface Arrived {
  readonly answer: HttpAnswer;
  /** Of all certificates on the way, the one that expires first. */
  readonly certificate: CertificateFacts | undefined;
}

async function followRedirects(config: HttpConfig, deps: ProbeDeps, started: number): Promise<Arrived> {
  const keepBody = assertsBody(config) || config.keep_body_bytes > 0;
  const general = {
    ca: config.ca,
    verify: !config.skip_verify,
    userAgent: config.user_agent,
    keepBody,
    started,
  };
  const { host_header: hostHeader, server_name: servername, resolve_to: resolveTo } = config;
  const own = { ...general, hostHeader, servername, resolveTo };
  const cookies = new CookieJar(undefined, { looseMode: true });
  const first = firstHop(config.url, {
    method: config.method,
    headers: { ...config.headers, ...config.secret_headers },
    ...(config.body === undefined ? {} : { body: config.body }),
    signal: deps.signal,
    timeoutMs: deps.timeoutMs,
    bodyBytesMax: 0,
  });
  let hop = first;
  let certificate: CertificateFacts | undefined;
  for (let followed = 0; ; followed += 1) {
    // Settings for the first address are not sent to another host.
    const wish: HttpWish = hop.url.host === first.url.host ? own : general;
    const at = cookieUrl(hop.url, wish.hostHeader);
    const answer = await exchangeHttp(await withCookies(hop, at, cookies), deps, wish);
    certificate = earlier(certificate, answer.certificate);
    const next = followed < config.redirects_max ? nextHop(hop, answer) : undefined;
    if (next === undefined) return { answer, certificate };
    for (const cookie of answer.cookies) await cookies.setCookie(cookie, at, { ignoreError: true });
    deps.log(`redirected to ${next.url.origin}${next.url.pathname}`);
    hop = next;
  }
}

/** The URL that the cookies belong to: that of the requested name, even if the connection went to another address. */
function cookieUrl(url: URL, hostHeader: string | undefined): string {
  return (hostHeader === undefined ? url : new URL(`${url.protocol}//${hostHeader}${url.pathname}`)).href;
}

/** Adds the cookies that were set on the way and are meant for this address. A cookie header from the config wins. */
async function withCookies(hop: Hop, at: string, jar: CookieJar): Promise<Hop> {
  const set = await jar.getCookies(at);
  if (set.length === 0) return hop;
  const names = new Set(set.map(({ key }) => key));
  const given = (hop.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '' && !names.has(pair.split('=')[0] ?? ''));
  const cookie = [...given, ...set.map((one) => one.cookieString())].join('; ');
  return { ...hop, headers: { ...hop.headers, cookie } };
}

function earlier(
  one: CertificateFacts | undefined,
  other: CertificateFacts | undefined,
): CertificateFacts | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.certificate_days_left < one.certificate_days_left ? other : one;
}

function hostnameOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

interface Mistake {
  readonly field: string;
  readonly message: string;
}

/** Mistakes that could never work. They are refused on save, instead of raising an alert later. */
function mistakesOf(config: HttpConfig): Mistake[] {
  return [...mistakesInTarget(config), ...mistakesInRequest(config), ...mistakesInAssertions(config)];
}

function mistakesInTarget(config: HttpConfig): Mistake[] {
  const mistakes: Mistake[] = [];
  const refused = refusalOf(() => parseTarget(config.url));
  if (refused !== undefined) mistakes.push({ field: 'url', message: refused });
  if (config.resolve_to !== undefined && isIP(config.resolve_to) === 0)
    mistakes.push({ field: 'resolve_to', message: 'must be an address, e.g. 192.0.2.10 or 2001:db8::10' });
  if (config.host_header !== undefined && !isHostHeader(config.host_header))
    mistakes.push({
      field: 'host_header',
      message:
        'must be a name, with a port where it needs one, e.g. shop.example.com or shop.example.com:8443',
    });
  const name = config.server_name === undefined ? undefined : refusedHost(config.server_name);
  if (name !== undefined) mistakes.push({ field: 'server_name', message: name });
  return mistakes;
}

function isHostHeader(text: string): boolean {
  const [, host = '', port = '80'] = /^(\[[0-9a-fA-F:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (Number(port) < 1 || Number(port) > 65_535) return false;
  return refusalOf(() => normalizeHostname(host.replace(/^\[|\]$/g, ''))) === undefined;
}

const ownFields: Readonly<Record<string, string>> = { host: 'host_header', 'user-agent': 'user_agent' };

function mistakesInRequest(config: HttpConfig): Mistake[] {
  const mistakes: Mistake[] = [];
  for (const field of ['headers', 'secret_headers'] as const)
    for (const [name, value] of Object.entries(config[field] ?? {})) {
      const instead = ownFields[name.toLowerCase()];
      const refused = refusalOf(() => vetHeaders({ [name]: value }));
      if (refused !== undefined)
        mistakes.push({
          field: `${field}.${name}`,
          message: instead === undefined ? refused : `is set by this server; set it with ${instead}`,
        });
    }
  const agent = config.user_agent;
  if (agent !== undefined && refusalOf(() => vetHeaders({ 'x-agent': agent })) !== undefined)
    mistakes.push({ field: 'user_agent', message: 'holds characters that HTTP does not allow in a header' });
  return mistakes;
}

function mistakesInAssertions(config: HttpConfig): Mistake[] {
  const mistakes: Mistake[] = [];
  for (const [index, status] of config.expect_status.entries()) {
    const [from = '', to = from] = status.split('-');
    if (to < from)
      mistakes.push({ field: `expect_status.${index}`, message: `no status is from ${from} to ${to}` });
  }
  for (const [index, { name }] of (config.expect_headers ?? []).entries())
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name))
      mistakes.push({ field: `expect_headers.${index}.name`, message: 'is not the name of a header' });
  if (config.method === 'HEAD' && assertsBody(config))
    mistakes.push({
      field: 'method',
      message: 'HEAD is answered without a body, but the check tests the body',
    });
  const refused = config.body_matches === undefined ? undefined : refusedPattern(config.body_matches);
  if (refused !== undefined) mistakes.push({ field: 'body_matches', message: refused });
  for (const [index, { path, equals }] of (config.json ?? []).entries()) {
    if (parseJsonPath(path) === undefined)
      mistakes.push({ field: `json.${index}.path`, message: 'is not a path such as $.items[0].name' });
    if (Number.isInteger(equals) && !Number.isSafeInteger(equals))
      mistakes.push({
        field: `json.${index}.equals`,
        message: 'has more digits than a number can hold; write it as text, in quotes',
      });
  }
  if (
    config.certificate_days_left_min !== undefined &&
    config.redirects_max === 0 &&
    /^http:/i.test(config.url)
  )
    mistakes.push({
      field: 'certificate_days_left_min',
      message: 'needs an https URL: http has no certificate',
    });
  return mistakes;
}

/** Why something is refused, as the end of a sentence about its field; undefined when it is accepted. */
function refusalOf(attempt: () => unknown): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (error instanceof OutboundRefused) return error.message.replace(/\.$/, '');
    throw error;
  }
}
