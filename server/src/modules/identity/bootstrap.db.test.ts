import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { type TestApp, type TestAppOptions, testApp } from '../../../../test/support/app.ts';
import { testClock } from '../../../../test/support/clock.ts';
import { testDatabase } from '../../../../test/support/database.ts';
import { ensureBootstrap } from './bootstrap.ts';
import { cookiesOf, lastAudit, password } from './people.fixture.ts';

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

async function started(options: TestAppOptions = {}): Promise<TestApp> {
  const house = await testApp(options);
  open.push(house);
  return house;
}

const admin = { ADMIN_EMAIL: 'Alice@Acme.example', ADMIN_PASSWORD: password, BOOTSTRAP_ORG: 'pine-golf' };
const owner = { name: 'Alice', email: 'alice@acme.example', password };

/** Resets the database to before the first start; only the owner of the schema may. */
async function empty(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query('truncate organizations, users cascade');
  await client.end();
}

function tokenIn(url: string | undefined): string {
  return new URL(url ?? '').searchParams.get('token') ?? '';
}

describe('the first start with ADMIN_EMAIL', () => {
  it('makes the organization and an owner who can also create more organizations', async () => {
    const house = await started({ env: admin });
    const done = await ensureBootstrap(house.ctx);
    expect(done.setupLink).toBeNull();
    const answer = await house.call('POST', '/api/auth/token', {
      token: null,
      body: { email: owner.email, password },
    });
    const me = await house.call('GET', '/api/me', { token: answer.body.token });
    expect(me.body.provider).toBe(true);
    expect(me.body.organizations).toEqual([
      expect.objectContaining({ slug: 'pine-golf', name: 'Pine golf', role: 'owner' }),
    ]);
    const second = await house.call('POST', '/api/v1/orgs', {
      token: answer.body.token,
      body: { slug: 'second', name: 'Second' },
    });
    expect(second.status).toBe(201);
    expect(await lastAudit(house, 'pine-golf', 'member.added')).toMatchObject({
      actor: { kind: 'system', name: 'First start' },
      target: { name: owner.email },
    });
  });

  it('changes nothing on later starts, also with another password', async () => {
    const first = await started({ env: admin });
    await ensureBootstrap(first.ctx);
    const later = await started({
      database: first.database,
      env: { ...admin, ADMIN_PASSWORD: 'another one entirely', BOOTSTRAP_ORG: 'renamed' },
    });
    expect(await ensureBootstrap(later.ctx)).toEqual({ organizationCreated: null, setupLink: null });
    const answer = await later.call('POST', '/api/auth/token', {
      token: null,
      body: { email: owner.email, password },
    });
    expect(answer.status).toBe(200);
  });

  it('happens once when two processes start at the same moment', async () => {
    const database = await testDatabase();
    open.push(database);
    const houses = await Promise.all([started({ database, env: admin }), started({ database, env: admin })]);
    await Promise.all(houses.map((house) => ensureBootstrap(house.ctx)));
    const { rows } = await database.db.pool.query(
      'select (select count(*)::int from organizations) as organizations, (select count(*)::int from users) as users, (select count(*)::int from members) as members',
    );
    expect(rows).toEqual([{ organizations: 1, users: 1, members: 1 }]);
  });

  it('lets higher floors add their first rows to the organization in the same transaction', async () => {
    const house = await started({ env: admin });
    await empty(house.database.url);
    const failing = ensureBootstrap(house.ctx, [() => Promise.reject(new Error('the seed failed'))]);
    await expect(failing).rejects.toThrow('the seed failed');
    const left = await house.database.db.pool.query('select from organizations');
    expect(left.rows).toHaveLength(0);
    const seeded: string[] = [];
    await ensureBootstrap(house.ctx, [
      async (_ctx, _tx, organization) => void seeded.push(organization.slug),
    ]);
    expect(seeded).toEqual(['pine-golf']);
  });
});

describe('the first start without ADMIN_EMAIL', () => {
  it('lets the first owner in by the link, only once', async () => {
    const house = await started();
    const { setupLink } = await ensureBootstrap(house.ctx);
    expect(setupLink?.url).toMatch(/^http:\/\/localhost:0\/setup\?token=/);
    expect((await house.call('GET', '/api/setup', { token: null })).body).toEqual({ needed: true });

    const body = { token: tokenIn(setupLink?.url), ...owner };
    const answer = await house.call('POST', '/api/setup', { token: null, body });
    expect(answer.status).toBe(201);
    const me = await house.call('GET', '/api/me', { token: null, headers: { cookie: cookiesOf(answer) } });
    expect(me.body).toMatchObject({ user: { email: owner.email, name: 'Alice' }, provider: true });
    expect(me.body.organizations).toEqual([expect.objectContaining({ slug: 'default', role: 'owner' })]);

    expect((await house.call('GET', '/api/setup', { token: null })).body).toEqual({ needed: false });
    expect((await house.call('POST', '/api/setup', { token: null, body })).status).toBe(409);
  });

  it('makes one owner when the link is used twice at the same moment', async () => {
    const house = await started();
    const token = tokenIn((await ensureBootstrap(house.ctx)).setupLink?.url);
    const answers = await Promise.all(
      ['a@acme.example', 'b@acme.example'].map((email) =>
        house.call('POST', '/api/setup', { token: null, body: { ...owner, email, token } }),
      ),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409]);
  });

  it('logs a new link at each start, and ends them all after a day', async () => {
    const clock = testClock();
    const house = await started({ clock });
    const first = await ensureBootstrap(house.ctx);
    const second = await ensureBootstrap(house.ctx);
    expect(second.setupLink?.url).not.toBe(first.setupLink?.url);
    clock.advance(24 * 3600 + 1);
    for (const { setupLink } of [first, second]) {
      const answer = await house.call('POST', '/api/setup', {
        token: null,
        body: { token: tokenIn(setupLink?.url), ...owner },
      });
      expect(answer.status).toBe(401);
    }
  });

  it('refuses an invented token, names mistakes, and refuses requests from other sites', async () => {
    const house = await started();
    const { setupLink } = await ensureBootstrap(house.ctx);
    const post = (body: object, headers = {}) =>
      house.call('POST', '/api/setup', { token: null, body, headers });
    expect((await post({ token: 'made-up', ...owner })).status).toBe(401);
    const short = await post({ token: tokenIn(setupLink?.url), ...owner, password: 'short' });
    expect([short.status, short.body.errors[0].field]).toEqual([400, 'password']);
    const foreign = await post(
      { token: tokenIn(setupLink?.url), ...owner },
      { origin: 'https://evil.example' },
    );
    expect([foreign.status, foreign.body.code]).toEqual([403, 'csrf_rejected']);
    expect((await house.call('GET', '/api/setup', { token: null })).body).toEqual({ needed: true });
  });

  it('keeps no link in readable form', async () => {
    const house = await started();
    const token = tokenIn((await ensureBootstrap(house.ctx)).setupLink?.url);
    const { rows } = await house.database.db.pool.query(
      "select encode(hash, 'escape') as hash from setup_links",
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(token);
  });
});
