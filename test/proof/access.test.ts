import { type Permission, permissions } from '@watchkeeper/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';
import { fillPath, type Operation, operationsOf } from '../support/openapi.ts';

/** What the routes declare, as every reader of the OpenAPI document sees it. */
interface Declared extends Operation {
  permission: Permission | undefined;
  open: boolean;
}

let house: TestApp;
let routes: Declared[];
/** A key of every scope alone, and the organization's id. */
const keys = new Map<Permission, string>();

beforeAll(async () => {
  house = await testApp();
  // Safe because the document is our own and the linter checks its shape.
  const document = house.http.swagger() as unknown as {
    paths: Record<string, Record<string, { 'x-permission'?: Permission; security?: unknown[] }>>;
  };
  routes = operationsOf(house).map((operation) => {
    const raw = document.paths[operation.path]?.[operation.method.toLowerCase()];
    // Gatus' path takes a token of its own, in Gatus' own order.
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

/** A body that is wrong in every way: whoever may not must not even hear so. */
async function send(route: Declared, headers: Record<string, string>, org?: string) {
  const answer = await house.http.inject({
    method: route.method,
    url: paths(route, org),
    headers: { ...headers, 'content-type': 'application/json' },
    payload: route.method === 'GET' ? '' : '{"made_up": [',
  });
  return { status: answer.statusCode, text: answer.body };
}

test('a route that anybody may use is one of these', () => {
  const open = routes.filter((route) => route.open).map((route) => `${route.method} ${route.path}`);
  for (const route of open) {
    expect(route).toMatch(
      /^\w+ \/(ping\/|api\/push\/|api\/v1\/endpoints\/|feeds\/|health(\/(live|ready|database|system))?$|api\/setup$|api\/auth\/)/,
    );
  }
  expect(open.length).toBeGreaterThan(10);
});

test('without a credential every other route says 401, before it looks at names, bodies or types', async () => {
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
  ['a token that is no token', { authorization: 'Basic YTpi' }],
])('%s is 401 on every route', async (_what, headers) => {
  for (const route of routes.filter((one) => !one.open)) {
    const answer = await send(route, headers);
    expect(answer.status, `${route.method} ${route.path}: ${answer.text}`).toBe(401);
  }
});

test('a key of one scope uses the routes of that scope, and no other', { timeout: 300_000 }, async () => {
  for (const [scope, key] of keys) {
    for (const route of routes) {
      if (route.permission === undefined) continue;
      // A stream that is let in answers for ever.
      if (route.path.endsWith('/stream') && scope === route.permission) continue;
      const answer = await send(route, { authorization: `Bearer ${key}` });
      const what = `${scope} at ${route.method} ${route.path} (${route.permission}): ${answer.status} ${answer.text}`;
      const lacks = answer.status === 403 && answer.text.includes(`the permission \\"${route.permission}`);
      expect(lacks, what).toBe(scope !== route.permission);
      expect(answer.status, what).not.toBe(401);
    }
  }
});

test("another organization's key finds nothing there, whatever it may do at home", async () => {
  for (const route of routes.filter((one) => one.path.includes('{org}'))) {
    const answer = await send(route, { authorization: `Bearer ${keys.get('read')}` }, 'other');
    expect(answer.status, `${route.method} ${route.path}: ${answer.text}`).toBe(404);
  }
});
