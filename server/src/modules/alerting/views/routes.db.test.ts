import { alertViewsMax } from '@watchkeeper/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { join } from '../../../../../test/support/people.ts';

const password = 'correct horse battery 7';
let house: TestApp;
let vera: string;
let otto: string;

beforeAll(async () => {
  house = await testApp();
  for (const slug of ['acme', 'other'])
    expect((await house.call('POST', '/api/v1/orgs', { body: { slug, name: slug } })).status).toBe(201);
  vera = await member('vera', 'viewer');
  otto = await member('otto', 'operator');
});
afterAll(() => house.close());

async function member(name: string, role: string): Promise<string> {
  const email = `${name}@acme.example`;
  await join(house, 'acme', { email, name, password }, role);
  const signedIn = await house.call('POST', '/api/auth/token', { token: null, body: { email, password } });
  return signedIn.body.token;
}

const names = async (token: string) =>
  (await house.call('GET', '/api/v1/acme/views', { token })).body.data.map(
    (view: { name: string }) => view.name,
  );
const put = (token: string, name: string, filter: object) =>
  house.call('PUT', `/api/v1/acme/views/${encodeURIComponent(name)}`, { token, body: { filter } });

describe('saved views', () => {
  test('are saved under a name, replaced under the same one, and listed by name', async () => {
    expect(await put(vera, 'Night shift', { status: 'active', severity: 'high', q: 'bay 4' })).toMatchObject({
      status: 200,
      body: { name: 'Night shift', filter: { severity: 'high' } },
    });
    await put(vera, 'Night shift', { status: 'open' });
    await put(vera, 'Dartmouth / tills', { site: 'dartmouth' });
    const { body } = await house.call('GET', '/api/v1/acme/views', { token: vera });
    expect(body.data).toMatchObject([
      { name: 'Dartmouth / tills', filter: { site: 'dartmouth' } },
      { name: 'Night shift', filter: { status: 'open' } },
    ]);
  });

  test('belong to one person: others can neither see nor delete them, and a key has none', async () => {
    await put(vera, 'Mine', {});
    await put(otto, 'His', {});
    expect(await names(otto)).toEqual(['His']);
    expect((await house.call('DELETE', '/api/v1/acme/views/Mine', { token: otto })).status).toBe(404);
    expect(await names(vera)).toContain('Mine');
    expect((await house.call('DELETE', '/api/v1/acme/views/Mine', { token: vera })).status).toBe(204);
    expect(await names(vera)).not.toContain('Mine');
    expect((await house.call('GET', '/api/v1/acme/views')).status).toBe(403);
    expect((await house.call('GET', '/api/v1/acme/views', { token: null })).status).toBe(401);
    expect((await house.call('GET', '/api/v1/other/views', { token: vera })).status).toBe(404);
  });

  test('refuse an invalid filter, and more views than one person may have', async () => {
    expect((await put(vera, 'Odd', { colour: 'red' })).status).toBe(400);
    expect((await put(vera, ' ', {})).status).toBe(400);
    expect((await put(vera, 'x'.repeat(61), {})).status).toBe(400);
    const kept = (await names(otto)).length;
    for (let index = kept; index < alertViewsMax; index += 1)
      expect((await put(otto, `View ${index}`, {})).status).toBe(200);
    expect(await put(otto, 'One more', {})).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect((await put(otto, 'His', { status: 'open' })).status).toBe(200);
  });
});
