import net from 'node:net';
import { type Permission, permissions } from '@watchkeeper/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wrongPerMinute } from '../../server/src/platform/http/wrong-credentials.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { fillPath, type Operation, operationsOf } from '../support/openapi.ts';

/** The access that routes declare, read from the OpenAPI document. */
interface Declared extends Operation {
  permission: Permission | undefined;
  open: boolean;
}

let house: TestApp;
let routes: Declared[];
/** One key for each scope, and the organization's id. */
const keys = new Map<Permission, string>();

beforeAll(async () => {
  house = await testApp({ listen: true });
  // Safe because the document is our own and the linter checks its shape.
  const document = house.http.swagger() as unknown as {
    paths: Record<string, Record<string, { 'x-permission'?: Permission; security?: unknown[] }>>;
  };
  routes = operationsOf(house).map((operation) => {
    const raw = document.paths[operation.path]?.[operation.method.toLowerCase()];
    // The path for Gatus takes its own token, checked in the order that Gatus uses.
    const open = raw?.security?.length === 0 || operation.path.startsWith('/api/v1/endpoints/');
    return { ...operation, permission: raw?.['x-permission'], open };
  });
  await house.call('POST', '/api/v1/orgs', { body: { slug: 'acme', name: 'Acme' } });
  await house.call('POST', '/api/v1/orgs', { body: { slug: 'other', name: 'Other' } });
  for (const scope of permissions) {
    const made = await house.call('POST', '/api/v1/acme/api-keys', {
      body: { name: scope, scopes: [scope] },
    });
    keys.set(scope, made.body.key);
  }
});
afterAll(() => house.close());

const anId = '0192f0c1-2f5e-7cc3-98c4-dc0c0c07398f';
const paths = (route: Declared, org = 'acme') =>
  fillPath(route.path, (name) => (name === 'org' ? org : name === 'n' ? '1' : anId));

/** A body that is wrong in every way: a caller without the right must not even learn that. */
async function send(route: Declared, headers: Record<string, string>, org?: string) {
  const answer = await house.http.inject({
    method: route.method,
    url: paths(route, org),
    headers: { ...headers, 'content-type': 'application/json' },
    payload: route.method === 'GET' ? '' : '{"made_up": [',
  });
  return { status: answer.statusCode, text: answer.body };
}

test('only these routes may be used by anybody', () => {
  const open = routes.filter((route) => route.open).map((route) => `${route.method} ${route.path}`);
  for (const route of open) {
    expect(route).toMatch(
      /^\w+ \/(ping\/|api\/push\/|api\/v1\/endpoints\/|api\/v1\/inbound\/|feeds\/|badge\/|api\/v[123]\/status$|health(\/(live|ready|database|system))?$|api\/setup$|api\/auth\/)/,
    );
  }
  expect(open.length).toBeGreaterThan(10);
});

test('without a credential every other route answers 401 before it looks at names, bodies or types', async () => {
  for (const route of routes.filter((one) => !one.open)) {
    for (const org of ['acme', 'nobody-has-this-one']) {
      const answer = await send(route, {}, org);
      expect(answer.status, `${route.method} ${route.path}: ${answer.text}`).toBe(401);
    }
  }
});

test.each([
  ['a wrong key', { authorization: 'Bearer wk_made_up_made_up_made_up' }],
  ['a wrong device token', { authorization: 'Bearer wkd_made_up_made_up_made_up' }],
  ['another scheme than Bearer', { authorization: 'Basic YTpi' }],
])('%s is answered 401 on every route', async (_what, headers) => {
  for (const route of routes.filter((one) => !one.open)) {
    const answer = await send(route, headers);
    expect(answer.status, `${route.method} ${route.path}: ${answer.text}`).toBe(401);
  }
});

test('a key of one scope may use the routes of that scope, and no others', { timeout: 300_000 }, async () => {
  for (const [scope, key] of keys) {
    for (const route of routes) {
      if (route.permission === undefined) continue;
      // A stream that is accepted never ends its answer.
      if (route.path.endsWith('/stream') && scope === route.permission) continue;
      const answer = await send(route, { authorization: `Bearer ${key}` });
      const what = `${scope} at ${route.method} ${route.path} (${route.permission}): ${answer.status} ${answer.text}`;
      const lacks = answer.status === 403 && answer.text.includes(`the permission \\"${route.permission}`);
      expect(lacks, what).toBe(scope !== route.permission);
      expect(answer.status, what).not.toBe(401);
    }
  }
});

test('a key of another organization finds nothing here, whatever rights it has in its own', async () => {
  for (const route of routes.filter((one) => one.path.includes('{org}'))) {
    const answer = await send(route, { authorization: `Bearer ${keys.get('read')}` }, 'other');
    expect(answer.status, `${route.method} ${route.path}: ${answer.text}`).toBe(404);
  }
});

const rawMsMax = 20_000;

/** The server's answer to bytes that no honest client sends. */
async function raw(bytes: string): Promise<string> {
  return await new Promise((resolve) => {
    let text = '';
    const socket = net.connect(Number(new URL(house.url).port), '127.0.0.1', () => socket.write(bytes));
    // The server closes when asked to. A client that closes first could miss a slow answer.
    socket.setTimeout(rawMsMax, () => socket.destroy());
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text));
  });
}

test.each([
  ['GET //', 'GET // HTTP/1.1'],
  ['GET //x', 'GET //x HTTP/1.1'],
  ['an address without a host', 'GET ///etc/passwd HTTP/1.1'],
  ['a lone per cent sign', 'GET /% HTTP/1.1'],
  ['half an escape', 'GET /api/v1/%zz/alerts HTTP/1.1'],
  ['a path upwards', 'GET /../../etc/passwd HTTP/1.1'],
  ['an absolute address', 'GET http://elsewhere.example/api/v1/acme/alerts HTTP/1.1'],
  ['an absolute address without a host', 'GET http:// HTTP/1.1'],
  ['a NUL in the path', 'GET /api/v1/%00/alerts HTTP/1.1'],
  ['an asterisk', 'OPTIONS * HTTP/1.1'],
  ['TRACE', 'TRACE / HTTP/1.1'],
  ['a method of WebDAV', 'PROPFIND /api/v1/acme/alerts HTTP/1.1'],
  ['CONNECT', 'CONNECT localhost:1 HTTP/1.1'],
  ['a made-up method', 'FROB / HTTP/1.1'],
  [
    'thousands of headers',
    `GET / HTTP/1.1\r\n${Array.from({ length: 3_000 }, (_, n) => `x${n}: 1`).join('\r\n')}`,
  ],
  ['a header of 20 KB', `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}`],
  ['two lengths', 'POST /api/setup HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2'],
])('%s gets an answer that is not a 5xx', async (_what, line) => {
  const answer = await raw(`${line}\r\nhost: localhost\r\nconnection: close\r\n\r\n`);
  expect(answer).not.toMatch(/^HTTP\/1\.1 5/);
  if (!line.startsWith('CONNECT')) expect(answer).toMatch(/^HTTP\/1\.1 [234]\d\d /);
  expect((await house.call('GET', '/health/live')).status).toBeLessThan(600);
});

test('wrong credentials of all kinds are counted together, then answered 429; good ones still work', async () => {
  const good = keys.get('read') ?? '';
  const ways: ((n: number) => [string, Record<string, string>])[] = [
    (n) => ['/api/me', { authorization: `Bearer wk_${n}` }],
    (n) => ['/heartbeat/x/status', { authorization: `Bearer wkd_${n}` }],
    (n) => [`/ping/0192f0c1-2f5e-7cc3-98c4-${String(n).padStart(12, '0')}`, {}],
    (n) => [`/api/push/made-up-${n}`, {}],
  ];
  const statuses = new Map<number, number>();
  let retryAfter: unknown;
  for (let n = 0; n < wrongPerMinute * 1.5; n += 1) {
    const [url, headers] = ways[n % ways.length]?.(n) ?? ['/', {}];
    const answer = await house.http.inject({ method: 'GET', url, headers });
    statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
    if (answer.statusCode === 429) retryAfter ??= answer.headers['retry-after'];
  }
  const refused = (statuses.get(401) ?? 0) + (statuses.get(404) ?? 0);
  expect([...statuses.keys()].sort()).toEqual([401, 404, 429]);
  // They are counted per minute; on a slow machine the loop takes more than one minute.
  expect(refused).toBeLessThan(wrongPerMinute * 1.5);
  expect(Number(retryAfter)).toBeGreaterThan(0);
  const goes = await house.http.inject({ url: '/api/me', headers: { authorization: `Bearer ${good}` } });
  expect(goes.statusCode).toBe(200);
});
