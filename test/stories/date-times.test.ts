import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';
import { operationsOf } from '../support/openapi.ts';
import { type Tenant, testTenant } from '../support/tenants.ts';

let house: TestApp;
let acme: Tenant;
beforeAll(async () => {
  house = await testApp({ env: { HEARTBEAT_AUTH: 'open' } });
  acme = await testTenant(house, 'acme');
});
afterAll(() => house.close());

const taken = [
  '2026-06-30T23:59:60Z',
  '2026-06-30t12:00:00z',
  '2026-06-30T12:00:00+05:30',
  '2026-06-30T12:00:00.123456789Z',
];
const refused = [
  '2026-02-30T00:00:00Z',
  '2026-06-30T24:00:00Z',
  '2026-06-30T25:00:00Z',
  '2026-06-30T12:00:60Z',
  '2026-06-30T12:00:00',
  'yesterday',
];
/** The other fields that a route requires, so that only its times can be wrong. */
const besides: Record<string, string> = {
  from: '2026-06-29T00:00:00Z',
  to: '2026-07-02T00:00:00Z',
  format: 'csv',
};

it('every query that takes a time reads it in the same way', async () => {
  const queries = operationsOf(house)
    .filter(({ method }) => method === 'GET')
    .flatMap((operation) =>
      operation.parameters
        .filter((parameter) => parameter.in === 'query' && parameter.schema?.format === 'date-time')
        .map((parameter) => ({ ...operation, name: parameter.name })),
    );
  expect(queries.length).toBeGreaterThan(15);
  const wrong: string[] = [];
  for (const { path, parameters, name } of queries) {
    // Nothing has this id: an accepted query answers 404.
    const place = path
      .replace('{org}', 'acme')
      .replaceAll(/\{\w+\}/g, '0190a000-0000-7000-8000-000000000000');
    const others = parameters.flatMap(({ name: other }) =>
      other !== name && other in besides ? [`${other}=${encodeURIComponent(besides[other] ?? '')}`] : [],
    );
    const ask = async (text: string) => {
      const query = [`${name}=${encodeURIComponent(text)}`, ...others].join('&');
      return (await house.call('GET', `${place}?${query}`, { token: acme.key })).status;
    };
    for (const text of taken) {
      const status = await ask(text);
      if (![200, 404].includes(status)) wrong.push(`${path} ${name}=${text}: ${status}`);
    }
    for (const text of refused) {
      const status = await ask(text);
      if (status !== 400) wrong.push(`${path} ${name}=${text}: ${status}`);
    }
  }
  expect(wrong).toEqual([]);
});

it('bodies read a time in the same way as queries', async () => {
  await acme.call('POST', '/sites', { body: { slug: 'leeds', name: 'Leeds', timezone: 'Europe/London' } });
  const soon = (text: string) => text.replace('2026-06-30', '2099-06-30').replace('2026-02-30', '2099-02-30');
  const key = (text: string) =>
    house.call('POST', '/api/v1/acme/api-keys', {
      body: { name: 'k', scopes: ['read'], expires_at: soon(text) },
    });
  const plan = (text: string) =>
    acme.call('POST', '/maintenance/preview', {
      body: {
        location: 'leeds',
        start_time: soon(text),
        end_time: soon('2026-07-03T00:00:00Z').replace('2026', '2099'),
        timezone: 'UTC',
      },
    });
  for (const text of taken) {
    expect([text, (await key(text)).status, (await plan(text)).status]).toEqual([text, 201, 200]);
  }
  for (const text of refused) {
    expect([text, (await key(text)).status]).toEqual([text, 400]);
    // A window also takes the local time of its place.
    if (text !== '2026-06-30T12:00:00') expect([text, (await plan(text)).status]).toEqual([text, 400]);
  }
  const leap = (await key('2026-06-30T23:59:60Z')).body;
  expect(leap.expires_at).toBe('2099-07-01T00:00:00.000Z');
});
