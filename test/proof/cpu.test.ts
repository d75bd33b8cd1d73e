import { afterAll, beforeAll, expect, test } from 'vitest';
import { bootstrapKey, type TestApp, testApp } from '../support/app.ts';
import { fillPath, type Operation, operationsOf } from '../support/openapi.ts';

/** The CPU that a request may cost, in milliseconds on a machine that does the unit of work in `unitMs`. */
const costMsMax = 100;
const unitMs = 45;
const bytesMax = 1_048_576;
const triesMax = 6;

let house: TestApp;
let operations: Operation[];

beforeAll(async () => {
  house = await testApp();
  operations = operationsOf(house).filter((operation) => !operation.path.endsWith('/stream'));
});
afterAll(() => house.close());

/** The Healthchecks API names a check by a UUID; any other address is not of that API. */
const aCheck = '0192f0c1-2f5e-7cc3-98c4-dc0c0c07398f';

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const manyFields = `{${Array.from({ length: 60_000 }, (_, n) => `"key${n}":${n}`).join(',')}}`;

/** Parses an object of very many fields, like the most expensive request: a busy machine is slower at both. */
function unitOfWork(): number {
  const before = cpuMs();
  Object.keys(JSON.parse(manyFields));
  return cpuMs() - before;
}

const many = (item: string, each: number) =>
  Array(Math.floor((bytesMax - 100) / each))
    .fill(item)
    .join(',');
const inside = (value: string): string[] => [
  value,
  ...['manifest', 'config', 'heartbeats', 'ids', 'systems', 'metrics', 'filter', 'scopes', 'depends_on'].map(
    (field) => `{"${field}":${value}}`,
  ),
  ...['sites', 'devices', 'checks', 'channels', 'rules'].map(
    (section) => `{"manifest":{"${section}":${value}}}`,
  ),
];
/** Bodies of the largest allowed size. */
const bodies: readonly string[] = [
  ...inside(`[${many('{"x":1}', 8)}]`),
  ...inside(`[${many('"a"', 4)}]`),
  ...inside(`"${'a@'.repeat(500_000)}"`),
  ...inside(manyFields),
  `${'['.repeat(500_000)}${']'.repeat(500_000)}`,
  `${'{"a":'.repeat(170_000)}1${'}'.repeat(170_000)}`,
  `{"manifest":${'{"a":'.repeat(170_000)}1${'}'.repeat(170_000)}}`,
  `{"email":"${'a'.repeat(1_000_000)}@","slug":"${'-'.repeat(10_000)}","name":"${'\\n'.repeat(10_000)}"}`,
].map((body) => body.slice(0, bytesMax));

async function cost(
  operation: Operation,
  body: string | undefined,
  key: string | null,
  query = '',
): Promise<[number, string]> {
  const values: Readonly<Record<string, string>> = { org: 'default', n: '1', check: aCheck };
  const url = fillPath(operation.path, (name) => values[name] ?? 'x');
  const before = cpuMs();
  const answer = await house.http.inject({
    method: operation.method,
    url: url + query,
    headers: {
      'content-type': 'application/json',
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    },
    ...(body === undefined ? {} : { payload: body }),
  });
  return [
    cpuMs() - before,
    `${operation.method} ${url} -> ${answer.statusCode} ${answer.body.slice(0, 120)}`,
  ];
}

/** Repeats a request that costs too much, each time beside a unit of work: the machine may be slow, or busy. */
async function expectCheap(operation: Operation, body: string | undefined, key: string | null, query = '') {
  let [least, what] = await cost(operation, body, key, query);
  let allowed = costMsMax;
  for (let n = 0; n < triesMax && least > allowed; n += 1) {
    allowed = Math.max(allowed, (costMsMax * unitOfWork()) / unitMs);
    least = Math.min(least, (await cost(operation, body, key, query))[0]);
  }
  const shown = `${what} for ${body?.slice(0, 60)} cost ${Math.round(least)} ms of CPU of ${Math.round(allowed)}`;
  expect(least, shown).toBeLessThan(allowed);
  return what;
}

test('no body of a megabyte costs more than a tenth of a second of CPU, on any route, with or without a credential', {
  timeout: 600_000,
}, async () => {
  const writes = operations.filter((operation) => operation.body !== undefined);
  expect(writes.length).toBeGreaterThan(50);
  let turn = 0;
  for (const operation of writes) {
    // Warm up: a validator is compiled once, and no request should be charged for it.
    for (const key of [bootstrapKey, null]) await cost(operation, '{}', key);
    const own = bodies.filter((_, index) => index % 8 === turn % 8 || index >= bodies.length - 4);
    turn += 1;
    for (const body of own) {
      await expectCheap(operation, body, null);
      const what = await expectCheap(operation, body, bootstrapKey);
      expect(what).not.toMatch(/-> 5/);
    }
  }
});

test('no query of thousands of parameters, or a very long one, costs more either', {
  timeout: 300_000,
}, async () => {
  const queries = [
    `?${Array.from({ length: 1_500 }, (_, n) => `p${n}=1`).join('&')}`,
    `?${Array(2_000).fill('limit=1').join('&')}`,
    `?q=${'%25'.repeat(4_000)}`,
    `?cursor=${'A'.repeat(12_000)}`,
  ];
  for (const operation of operations) {
    await cost(operation, undefined, bootstrapKey);
    for (const query of queries) {
      const what = await expectCheap(operation, undefined, bootstrapKey, query);
      // Health answers 503 here, because this server was not started.
      if (!operation.path.startsWith('/health')) expect(what).not.toMatch(/-> 5/);
    }
  }
});
