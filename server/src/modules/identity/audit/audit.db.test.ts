import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { givenMember, givenOrganization, type Person } from '../people.fixture.ts';
import { systemScope } from '../scope.ts';
import { audit } from './audit.ts';

let house: TestApp;
let acme: { id: string; slug: string };
let alice: Person;
let viewer: Person;
let mallory: Person;

beforeAll(async () => {
  house = await testApp();
  acme = await givenOrganization(house, 'acme');
  await givenOrganization(house, 'other');
  alice = await givenMember(house, 'acme', 'alice', 'owner');
  viewer = await givenMember(house, 'acme', 'vera', 'viewer');
  mallory = await givenMember(house, 'other', 'mallory', 'owner');
  for (let n = 1; n <= 5; n += 1)
    await record(`demo.step${n}`, { kind: 'demo', id: `d${n}`, name: `Demo ${n}` });
});
afterAll(() => house.close());

async function record(action: string, target: { kind: string; id: string; name: string }, after?: unknown) {
  const scope = systemScope(acme.id, acme.slug, 'demo');
  await house.ctx.db.tenant(acme.id, (tx) => audit(tx, scope, { action, target, after }));
}

const list = (query: string, token: string | null = alice.token) =>
  house.call('GET', `/api/v1/acme/audit?${query}`, { token });
const actions = (answer: { body: { data: { action: string }[] } }) =>
  answer.body.data.map((entry) => entry.action);

describe('the audit record', () => {
  it('is read newest first, page by page, each entry once', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = await list(`target=demo&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...actions(page));
      cursor = page.body.next_cursor;
    }
    expect(seen).toEqual(['demo.step5', 'demo.step4', 'demo.step3', 'demo.step2', 'demo.step1']);
  });

  it.each([
    ['action=demo.step2', ['demo.step2']],
    ['action=demo&target=d3', ['demo.step3']],
    ['action=dem', []],
    ['target=Demo%204', ['demo.step4']],
    ['actor=system&action=demo.step1', ['demo.step1']],
    ['actor=demo&action=demo.step5', ['demo.step5']],
    ['actor=nobody', []],
    ['action=demo.step1&since=2020-01-01T00:00:00Z&until=2100-01-01T00:00:00Z', ['demo.step1']],
    ['action=demo.step1&since=2100-01-01T00:00:00Z', []],
    ['action=demo.step1&until=2020-01-01T00:00:00Z', []],
  ])('is filtered by %s', async (query, expected) => {
    expect(actions(await list(query))).toEqual(expected);
  });

  it('is exported as CSV and JSON with the same filters, and records who exported it', async () => {
    const csv = await house.call('GET', '/api/v1/acme/audit/export?format=csv&target=demo', {
      token: alice.token,
    });
    expect(csv.status).toBe(200);
    expect(csv.headers['content-disposition']).toBe('attachment; filename="audit-acme.csv"');
    const lines: string[] = csv.body.trimEnd().split('\r\n');
    expect(lines[0]).toMatch(/^at,actor_kind,actor,action,/);
    expect(lines.slice(1).map((line) => line.split(',')[3])).toEqual(
      ['5', '4', '3', '2', '1'].map((n) => `demo.step${n}`),
    );

    const json = await house.call('GET', '/api/v1/acme/audit/export?format=json&target=demo', {
      token: alice.token,
    });
    expect(json.body).toEqual((await list('target=demo')).body.data);
    const none = await house.call('GET', '/api/v1/acme/audit/export?format=json&target=nobody', {
      token: alice.token,
    });
    expect(none.body).toEqual([]);

    const [, , recorded] = (await list('action=audit.exported')).body.data;
    expect(recorded).toMatchObject({
      actor: { id: alice.id },
      after: { format: 'csv', entries: 5, target: 'demo' },
    });
  });

  it.each([
    [403, () => viewer.token, 'format=csv'],
    [404, () => mallory.token, 'format=csv'],
    [400, () => alice.token, 'format=xml'],
  ])('answers %i to a bad or forbidden export', async (status, token, query) => {
    const answer = await house.call('GET', `/api/v1/acme/audit/export?${query}`, { token: token() });
    expect(answer.status).toBe(status);
  });

  it('never holds a secret, whichever code writes it', async () => {
    await record(
      'demo.secret',
      { kind: 'demo', id: 's', name: 's' },
      { config: { secret: 'hush', url: 'https://u:p@x.example' }, key: 'wk_abcdefghijkl' },
    );
    const [entry] = (await list('action=demo.secret')).body.data;
    expect(entry.after).toEqual({
      config: { secret: '[redacted]', url: 'https://[redacted]@x.example' },
      key: '[redacted]',
    });
  });

  it('exists exactly when the change does', async () => {
    const failed = house.ctx.db.tenant(acme.id, async (tx) => {
      await audit(tx, systemScope(acme.id, acme.slug, 'demo'), {
        action: 'demo.undone',
        target: { kind: 'demo', id: 'u', name: 'u' },
      });
      throw new Error('the change failed');
    });
    await expect(failed).rejects.toThrow('the change failed');
    expect(actions(await list('action=demo.undone'))).toEqual([]);
  });

  it.each(['update audit_log set action = $1', 'delete from audit_log where action <> $1'])(
    'cannot be rewritten by the application: %s',
    async (statement) => {
      await expect(house.ctx.db.pool.query(statement, ['x'])).rejects.toMatchObject({ code: '42501' });
    },
  );

  it('cannot be written into another tenant', async () => {
    const foreign = house.ctx.db.tenant(acme.id, (tx) =>
      audit(tx, systemScope(crypto.randomUUID(), 'other', 'demo'), {
        action: 'demo.forged',
        target: { kind: 'demo', id: 'f', name: 'f' },
      }),
    );
    await expect(foreign).rejects.toMatchObject({ code: '42501' });
  });

  it.each([
    [400, () => alice.token, 'since=yesterday'],
    [400, () => alice.token, 'cursor=nonsense'],
    [400, () => alice.token, 'order=asc'],
    [401, () => null, ''],
    [403, () => viewer.token, ''],
    [404, () => mallory.token, ''],
  ])('answers %i to a bad or forbidden query', async (status, token, query) => {
    expect((await list(query, token())).status).toBe(status);
  });
});
