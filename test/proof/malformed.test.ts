import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bootstrapKey, type TestApp, testApp } from '../support/app.ts';
import { fillPath, type Operation, operationsOf, type Schema } from '../support/openapi.ts';

const requests = 10_000;
const aCheck = '31365bce-0000-4000-8000-00000000000c';
/** A request that takes longer counts as hanging. */
const answerMsMax = 5_000;

let house: TestApp;
let operations: Operation[];
/** A key of the organization `default` only: an API without an organization in its path takes it from the key. */
let ownKey: string;

beforeAll(async () => {
  house = await testApp({ work: true });
  // A stream never ends by design; the browser and story tests read it.
  operations = operationsOf(house).filter((operation) => !operation.path.endsWith('/stream'));
  await house.call('POST', '/api/v1/default/sites', {
    body: { slug: 'north', name: 'North', timezone: 'UTC' },
  });
  await house.call('POST', '/api/v1/default/devices', { body: { slug: 'gate-1', site: 'north' } });
  const body = { name: 'Own', scopes: ['read', 'inventory:write'] };
  ownKey = (await house.call('POST', '/api/v1/default/api-keys', { body })).body.key;
  const check = { slug: 'nightly', kind: 'ping', config: { period: 60, uuid: aCheck } };
  expect((await house.call('POST', '/api/v1/default/checks', { body: check })).status).toBe(201);
});
afterAll(() => house.close());

const hostileText = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    '\ud800',
    "'; drop table alerts; --",
    '../../etc/passwd',
    '%00',
    '{{7*7}}',
    '<script>',
    '1e999',
    '-1',
    'null',
    'true',
    '9999-99-99T99:99:99Z',
    '2026-02-30T00:00:00Z',
    'Europe/Nowhere',
    '__proto__',
    'constructor',
    'x'.repeat(5000),
  ),
);
const hostileNumber = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(0, -0, -1, 1e308, -1e308, 2 ** 53, 2 ** 63, Number.MIN_VALUE, 0.1),
);
const hostile: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  hostileNumber,
  fc.boolean(),
  fc.constant(null),
  fc.array(hostileText, { maxLength: 3 }),
  fc.dictionary(hostileText, hostileNumber, { maxKeys: 3 }),
);

/** Values near the schema: often valid, to reach the deeper code, and often wrong in one place. */
function near(schema: Schema | undefined, depth = 0): fc.Arbitrary<unknown> {
  if (schema === undefined || depth > 5) return hostile;
  const right = plausible(schema, depth);
  return fc.oneof({ weight: 5, arbitrary: right }, { weight: 1, arbitrary: hostile });
}

function plausible(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined && schema.enum.length > 0) return fc.constantFrom(...schema.enum);
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches !== undefined && branches.length > 0)
    return fc.oneof(...branches.map((branch) => near(branch, depth + 1)));
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'object' || schema.properties !== undefined) return plausibleObject(schema, depth);
  if (type === 'array') return fc.array(near(schema.items, depth + 1), { maxLength: 4 });
  if (type === 'integer') return fc.integer({ min: -5, max: 1000 });
  if (type === 'number') return fc.double({ noNaN: true, min: -1000, max: 1e6 });
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  return plausibleText(schema);
}

function plausibleObject(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const entries = Object.entries(schema.properties ?? {}).map(
    ([name, property]) => [name, near(property, depth + 1)] as const,
  );
  const known = fc.record(Object.fromEntries(entries), { requiredKeys: schema.required ?? [] });
  return fc.oneof(
    { weight: 6, arbitrary: known },
    {
      weight: 1,
      arbitrary: fc
        .tuple(known, fc.dictionary(hostileText, hostile, { maxKeys: 2 }))
        .map(([a, b]) => ({ ...a, ...b })),
    },
  );
}

function plausibleText(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.format === 'uuid') return fc.uuid();
  if (schema.format === 'date-time')
    return fc
      .date({ noInvalidDate: true, min: new Date('2000-01-01'), max: new Date('2100-01-01') })
      .map((date) => date.toISOString());
  return fc.oneof(
    fc.constantFrom(
      'north',
      'gate-1',
      'default',
      'UTC',
      'online',
      '30s',
      'webhook',
      'absence',
      'dana@club.example',
      'http://10.0.0.1/',
    ),
    hostileText,
  );
}

const credential = fc.oneof(
  { weight: 8, arbitrary: fc.constant(`Bearer ${bootstrapKey}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', 'Bearer ', 'Bearer wk_nonsense', 'Basic YTpi', 'Bearer a.b.c'),
  },
);

const request = fc.nat().chain((pick) => {
  const operation = operations[pick % operations.length];
  if (operation === undefined) throw new Error('the OpenAPI document has no operations');
  const query = Object.fromEntries(
    operation.parameters
      .filter((parameter) => parameter.in === 'query')
      .map((parameter) => [parameter.name, fc.oneof(near(parameter.schema), hostile)]),
  );
  return fc.record({
    operation: fc.constant(operation),
    segment: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('default', 'north', 'gate-1') },
      { weight: 2, arbitrary: fc.uuid() },
      { weight: 1, arbitrary: hostileText },
    ),
    query: fc.record(query, { requiredKeys: [] }),
    body:
      operation.body === undefined
        ? fc.constant(undefined)
        : fc.oneof(
            { weight: 6, arbitrary: near(operation.body).map((value) => JSON.stringify(value) ?? '') },
            { weight: 1, arbitrary: hostileText },
          ),
    type: fc.oneof(
      { weight: 12, arbitrary: fc.constant('application/json') },
      {
        weight: 1,
        arbitrary: fc.constantFrom('text/plain', 'application/xml', 'application/json; charset=utf-16', ''),
      },
    ),
    authorization: credential,
  });
});

/** `pg_` at the start of a word: inside a random token it means nothing. */
const leaks =
  /\n\s+at |node_modules|\.ts:\d|SQLSTATE|syntax error at|(?<![\w-])pg_|select [^"{}]+ from|violates|duplicate key|invalid input syntax/i;

/** Wire formats of other tools: refusals use the words of those tools. */
const foreign = /^\/(ping|api\/push|badge)\/|\/external$/;
/** The management API of Healthchecks: refusals have its own shape, unless the path does not exist. */
const healthchecks = /^\/api\/v\d\/(checks|channels|badges)(\/\{|\/?$)/;

function faultOf(
  response: { statusCode: number; body: string; headers: Record<string, unknown> },
  ms: number,
  path: string,
): string | undefined {
  if (ms > answerMsMax) return `took ${Math.round(ms)} ms`;
  if (response.statusCode >= 500) return `answered ${response.statusCode}`;
  const leak = (path.startsWith('/docs') ? /\n\s+at / : leaks).exec(response.body.slice(0, 20_000));
  if (leak !== null) return `leaked "${leak[0]}"`;
  if (foreign.test(path)) return undefined;
  if (healthchecks.test(path) && response.statusCode >= 400 && /^\{"error":".+"\}$/s.test(response.body))
    return undefined;
  if (response.statusCode >= 400 && !/problem\+json/.test(String(response.headers['content-type'])))
    return 'refused without a problem document';
  return undefined;
}

test(`${requests} malformed requests over every route: no 5xx, no hang, no internals in an answer`, {
  timeout: 600_000,
}, async () => {
  const reached = new Set<string>();
  const statuses = new Map<number, number>();
  const faults = new Map<string, string>();
  await fc.assert(
    fc.asyncProperty(request, async ({ operation, segment, query, body, type, authorization }) => {
      const path = fillPath(operation.path, (name) =>
        (name === 'org'
          ? segment.length % 3 === 0
            ? segment
            : 'default'
          : name === 'check' && segment.length % 2 === 0
            ? aCheck
            : segment
        ).toWellFormed(),
      );
      const isOwn = healthchecks.test(operation.path) && authorization.endsWith(bootstrapKey);
      const search = new URLSearchParams(
        Object.entries(query).map(([name, value]): [string, string] => [
          name,
          typeof value === 'string' ? value : (JSON.stringify(value) ?? ''),
        ]),
      );
      const started = performance.now();
      const response = await house.http.inject({
        method: operation.method,
        url: `${path}?${search}`,
        headers: {
          authorization: isOwn ? `Bearer ${ownKey}` : authorization,
          ...(body === undefined || type === '' ? {} : { 'content-type': type }),
        },
        ...(body === undefined ? {} : { payload: body }),
      });
      reached.add(`${operation.method} ${operation.path}`);
      statuses.set(response.statusCode, (statuses.get(response.statusCode) ?? 0) + 1);
      const fault = faultOf(response, performance.now() - started, operation.path);
      if (fault !== undefined)
        faults.set(
          `${operation.method} ${operation.path}: ${fault}`,
          `${response.statusCode} ${response.body.slice(0, 300)} <- ${path}?${search} ${body ?? ''}`.slice(
            0,
            900,
          ),
        );
    }),
    { numRuns: requests, seed: 20261121, endOnFailure: true },
  );
  expect(Object.fromEntries(faults)).toEqual({});
  expect(reached.size).toBe(operations.length);
  console.log(
    `routes: ${reached.size}; answers: ${[...statuses]
      .sort()
      .map(([status, count]) => `${status} x ${count}`)
      .join(', ')}`,
  );
});
