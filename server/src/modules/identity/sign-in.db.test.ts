import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { testClock } from '../../../../test/support/clock.ts';
import {
  cookiesOf,
  givenMember,
  givenOrganization,
  type Person,
  password,
  setCookies,
  tokenOf,
} from './people.fixture.ts';

const clock = testClock();
const own = { origin: 'http://localhost:0' };
let house: TestApp;
let alice: Person;

beforeAll(async () => {
  house = await testApp({ clock });
  await givenOrganization(house, 'acme');
  alice = await givenMember(house, 'acme', 'alice', 'owner');
});
afterAll(() => house.close());

async function signIn(email: string, headers: Record<string, string> = own) {
  return await house.call('POST', '/api/auth/sign-in/email', {
    token: null,
    body: { email, password },
    headers,
  });
}

describe('signing in with a cookie', () => {
  it('sets a cookie that scripts cannot read and other sites do not send', async () => {
    const answer = await signIn(alice.email);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ user: { id: alice.id, email: alice.email, name: 'alice' } });
    expect(answer.headers['cache-control']).toBe('no-store');
    const [cookie] = setCookies(answer);
    expect(cookie).toMatch(/^watchkeeper\.session_token=/);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/i);
    expect(cookie).toMatch(/Path=\//);
  });

  it('makes a caller like any other', async () => {
    const cookie = cookiesOf(await signIn(alice.email));
    const me = await house.call('GET', '/api/me', { token: null, headers: { cookie } });
    expect(me.status).toBe(200);
    expect(me.body.user).toEqual({ id: alice.id, email: alice.email, name: 'alice' });
    expect(me.body.provider).toBe(false);
    expect(me.body.organizations).toEqual([
      expect.objectContaining({
        slug: 'acme',
        role: 'owner',
        permissions: expect.arrayContaining(['organization:write']),
      }),
    ]);
  });

  it('ignores case in the address', async () => {
    expect((await signIn(alice.email.toUpperCase())).status).toBe(200);
  });

  it('gives the same answer to a wrong password and to an unknown address', async () => {
    const wrong = await house.call('POST', '/api/auth/sign-in/email', {
      token: null,
      body: { email: alice.email, password: 'not it at all' },
    });
    const unknown = await house.call('POST', '/api/auth/sign-in/email', {
      token: null,
      body: { email: 'nobody@acme.example', password },
    });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(wrong.body.detail).toBe(unknown.body.detail);
    expect(wrong.body.code).toBe('unauthenticated');
    expect(wrong.headers['www-authenticate']).toMatch(/^Bearer/);
  });

  it('refuses a form that another site sends', async () => {
    const answer = await signIn(alice.email, {
      'sec-fetch-site': 'cross-site',
      origin: 'https://evil.example',
    });
    expect(answer.status).toBe(403);
    expect(answer.body.code).toBe('csrf_rejected');
  });

  it.each([
    ['no password', { email: 'alice@acme.example' }],
    ['an unknown field', { email: 'alice@acme.example', password, role: 'owner' }],
    ['a password of another type', { email: 'alice@acme.example', password: 1 }],
  ])('names the mistake when there is %s', async (_case, body) => {
    const answer = await house.call('POST', '/api/auth/sign-in/email', { token: null, body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toHaveLength(1);
  });

  it('is over after signing out', async () => {
    const cookie = cookiesOf(await signIn(alice.email));
    const out = await house.call('POST', '/api/auth/sign-out', { token: null, headers: { cookie, ...own } });
    expect(out.status).toBe(204);
    expect(setCookies(out)[0]).toMatch(/Max-Age=0/);
    expect((await house.call('GET', '/api/me', { token: null, headers: { cookie } })).status).toBe(401);
  });

  it('does not accept a cookie whose signature is wrong', async () => {
    const cookie = cookiesOf(await signIn(alice.email)).replace(/.{6}$/, 'AAAAA%3D');
    expect((await house.call('GET', '/api/me', { token: null, headers: { cookie } })).status).toBe(401);
  });
});

describe('a session in use', () => {
  it('is renewed by a visit after a day, and its cookie with it', async () => {
    const cookie = cookiesOf(await signIn(alice.email));
    const visit = () => house.call('GET', '/api/me', { token: null, headers: { cookie } });
    expect(setCookies(await visit())).toEqual([]);
    // The session looks two days old: it would end in five.
    await house.ctx.db.pool.query("update sessions set expires_at = expires_at - interval '2 days'");
    expect(setCookies(await visit())[0]).toMatch(/^watchkeeper\.session_token=.*Max-Age=604800/);
    expect(setCookies(await visit())).toEqual([]);
  });

  it('ends when its time is over', async () => {
    const cookie = cookiesOf(await signIn(alice.email));
    await house.ctx.db.pool.query("update sessions set expires_at = now() - interval '1 second'");
    expect((await house.call('GET', '/api/me', { token: null, headers: { cookie } })).status).toBe(401);
  });

  it('is reported unreadable, not wrong, while the database is away', async () => {
    const away = await testApp({ clock, database: house.database });
    try {
      const cookie = cookiesOf(await signIn(alice.email));
      await away.ctx.db.close();
      const answer = await away.call('GET', '/api/me', { token: null, headers: { cookie } });
      expect([answer.status, answer.body.code]).toEqual([503, 'database_unavailable']);
      expect(answer.headers['retry-after']).toBe('5');
    } finally {
      await away.close().catch(() => undefined);
    }
  });
});

describe('a session cookie and other sites', () => {
  it('may write only from our own pages', async () => {
    const cookie = cookiesOf(await signIn(alice.email));
    const write = (headers: Record<string, string>) =>
      house.call('PUT', '/api/v1/orgs/acme', {
        token: null,
        body: { name: 'Acme' },
        headers: { cookie, ...headers },
      });
    for (const headers of [{}, { origin: 'https://evil.example' }, { 'sec-fetch-site': 'same-site' }]) {
      const refused = await write(headers);
      expect([refused.status, refused.body.code]).toEqual([403, 'csrf_rejected']);
    }
    expect((await write(own)).status).toBe(200);
    expect((await write({ 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });
});

describe('the sessions of a person', () => {
  it('are listed and ended one by one', async () => {
    const first = cookiesOf(await signIn(alice.email));
    const second = cookiesOf(await signIn(alice.email));
    const list = await house.call('GET', '/api/auth/sessions', { token: null, headers: { cookie: first } });
    expect(list.status).toBe(200);
    const current = list.body.data.filter((session: { current: boolean }) => session.current);
    expect(current).toHaveLength(1);
    expect(JSON.stringify(list.body)).not.toContain(first.split('=')[1]?.split('.')[0]);
    const ended = await house.call('DELETE', `/api/auth/sessions/${current[0].id}`, {
      token: null,
      headers: { cookie: second, ...own },
    });
    expect(ended.status).toBe(204);
    expect((await house.call('GET', '/api/me', { token: null, headers: { cookie: first } })).status).toBe(
      401,
    );
    expect((await house.call('GET', '/api/me', { token: null, headers: { cookie: second } })).status).toBe(
      200,
    );
  });

  it('can all be ended except the current one', async () => {
    const here = cookiesOf(await signIn(alice.email));
    const elsewhere = cookiesOf(await signIn(alice.email));
    const ended = await house.call('DELETE', '/api/auth/sessions', {
      token: null,
      headers: { cookie: here, ...own },
    });
    expect(ended.status).toBe(204);
    const me = (cookie: string) => house.call('GET', '/api/me', { token: null, headers: { cookie } });
    expect([(await me(here)).status, (await me(elsewhere)).status]).toEqual([200, 401]);
    expect((await house.call('DELETE', '/api/auth/sessions')).status).toBe(403);
  });

  it('cannot be ended by somebody else', async () => {
    const bob = await givenMember(house, 'acme', 'bob', 'viewer');
    const cookie = cookiesOf(await signIn(alice.email));
    const list = await house.call('GET', '/api/auth/sessions', { token: null, headers: { cookie } });
    const ended = await house.call('DELETE', `/api/auth/sessions/${list.body.data[0].id}`, {
      token: bob.token,
    });
    expect(ended.status).toBe(404);
    expect((await house.call('GET', '/api/me', { token: null, headers: { cookie } })).status).toBe(200);
  });

  it('do not exist for an API key', async () => {
    expect((await house.call('GET', '/api/auth/sessions')).status).toBe(403);
    expect((await house.call('GET', '/api/auth/sessions', { token: null })).status).toBe(401);
  });
});

describe('changing the password', () => {
  it('needs the old one, ends all other sessions and renews this one', async () => {
    const dora = await givenMember(house, 'acme', 'dora', 'viewer');
    const here = cookiesOf(await signIn(dora.email));
    const elsewhere = cookiesOf(await signIn(dora.email));
    const change = (body: object) =>
      house.call('POST', '/api/auth/change-password', {
        token: null,
        body,
        headers: { cookie: here, ...own },
      });

    const wrong = await change({ current_password: 'not it at all', new_password: 'an entirely new one 2' });
    expect([wrong.status, wrong.body.errors[0].field]).toEqual([400, 'current_password']);
    const short = await change({ current_password: password, new_password: 'short' });
    expect([short.status, short.body.errors[0].field]).toEqual([400, 'new_password']);

    const bearer = dora.token;
    expect((await house.call('GET', '/api/me', { token: bearer })).status).toBe(200);
    const changed = await change({ current_password: password, new_password: 'an entirely new one 2' });
    expect(changed.status).toBe(204);
    expect((await house.call('GET', '/api/me', { token: bearer })).status).toBe(401);
    const renewed = cookiesOf(changed);
    expect((await house.call('GET', '/api/me', { token: null, headers: { cookie: renewed } })).status).toBe(
      200,
    );
    expect((await house.call('GET', '/api/me', { token: null, headers: { cookie: elsewhere } })).status).toBe(
      401,
    );
    expect((await signIn(dora.email)).status).toBe(401);
  });

  it('needs a signed-in person', async () => {
    const body = { current_password: password, new_password: 'an entirely new one 2' };
    expect((await house.call('POST', '/api/auth/change-password', { token: null, body })).status).toBe(401);
  });
});

describe('a bearer token', () => {
  it('lasts an hour and no longer', async () => {
    const answer = await house.call('POST', '/api/auth/token', {
      token: null,
      body: { email: alice.email, password },
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
    expect(answer.headers['cache-control']).toBe('no-store');
    const me = () => house.call('GET', '/api/me', { token: answer.body.token });
    clock.advance(3_590);
    expect((await me()).status).toBe(200);
    clock.advance(20);
    expect((await me()).status).toBe(401);
  });

  it('is refused for a wrong password, and a bad body is refused by field', async () => {
    const wrong = await house.call('POST', '/api/auth/token', {
      token: null,
      body: { email: alice.email, password: 'no' },
    });
    expect(wrong.status).toBe(401);
    const bad = await house.call('POST', '/api/auth/token', { token: null, body: { email: alice.email } });
    expect([bad.status, bad.body.errors[0].field]).toEqual([400, 'password']);
  });

  it('is refused when it was changed, or signed with another key', async () => {
    const token = await tokenOf(house, alice.email);
    const [head, , signature] = token.split('.');
    const claims = { iss: 'http://localhost:0', aud: 'watchkeeper-api', sub: alice.id, exp: 9_999_999_999 };
    const forged = [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
    const unsigned = [Buffer.from('{"alg":"none"}').toString('base64url'), forged.split('.')[1], ''].join(
      '.',
    );
    for (const bad of [forged, unsigned, `${token}x`, 'wk_made_up', 'nonsense', '']) {
      const answer = await house.call('GET', '/api/me', { token: bad });
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    }
  });

  it('is accepted by every process on the same database', async () => {
    const other = await testApp({ clock, database: house.database });
    try {
      const token = await tokenOf(house, alice.email);
      expect((await other.call('GET', '/api/me', { token })).body.user.email).toBe(alice.email);
      const cookie = cookiesOf(await signIn(alice.email));
      expect((await other.call('GET', '/api/me', { token: null, headers: { cookie } })).status).toBe(200);
    } finally {
      await other.close();
    }
  });

  it('loses a role at once in every process when the role is removed', async () => {
    const other = await testApp({ clock, database: house.database });
    try {
      const eve = await givenMember(house, 'acme', 'eve', 'admin');
      expect((await other.call('GET', '/api/v1/acme/audit', { token: eve.token })).status).toBe(200);
      await house.call('DELETE', `/api/v1/orgs/acme/members/${eve.id}`);
      await expect
        .poll(async () => (await other.call('GET', '/api/v1/acme/audit', { token: eve.token })).status)
        .toBe(404);
      await expect
        .poll(async () => (await house.call('GET', '/api/v1/acme/audit', { token: eve.token })).status)
        .toBe(404);
    } finally {
      await other.close();
    }
  });
});

describe('guessing', () => {
  it('is stopped after ten tries, with the time to wait', async () => {
    const guessed = await givenMember(house, 'acme', 'guessed', 'viewer');
    const guess = () =>
      house.call('POST', '/api/auth/token', {
        token: null,
        body: { email: guessed.email, password: 'a guess' },
      });
    for (let n = 0; n < 10; n += 1) expect((await guess()).status).toBe(401);
    const stopped = await guess();
    expect([stopped.status, stopped.body.code]).toEqual([429, 'rate_limited']);
    expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(0);
    // Signing in on the console uses the same count.
    expect((await signIn(guessed.email)).status).toBe(429);
  });
});

describe('strangers who guess', () => {
  it('do not lock out a known browser, wherever they guess from', async () => {
    const owner = await givenMember(house, 'acme', 'steady', 'owner');
    const cookie = cookiesOf(await signIn(owner.email, { ...own, 'user-agent': 'Mozilla/5.0' }));
    const known = cookie.split('; ').find((pair) => pair.startsWith('watchkeeper.device=')) ?? '';
    const guess = () =>
      house.call('POST', '/api/auth/sign-in/email', {
        token: null,
        headers: own,
        body: { email: owner.email, password: 'a guess' },
      });
    for (let n = 0; n < 11; n += 1) await guess();
    expect((await signIn(owner.email)).status).toBe(429);
    expect((await signIn(owner.email, { ...own, cookie: known })).status).toBe(200);
    // The mark is valid only for this account, and cannot be invented.
    expect((await signIn(owner.email, { ...own, cookie: `${known}x` })).status).toBe(429);
    const other = await givenMember(house, 'acme', 'otherwise', 'viewer');
    expect((await signIn(other.email, { ...own, cookie: known })).status).toBe(200);
  });
});

describe('sign-in and credentials', () => {
  it('leave audit entries with the address: sign-ins, refusals, sign-outs, tokens, passwords, ended keys', async () => {
    const petra = await givenMember(house, 'acme', 'petra', 'viewer');
    const cookie = cookiesOf(await signIn(petra.email));
    await house.call('POST', '/api/auth/token', {
      token: null,
      body: { email: petra.email, password: 'no' },
    });
    const body = { current_password: 'not it', new_password: 'an entirely new one 2' };
    await house.call('POST', '/api/auth/change-password', { token: null, body, headers: { cookie, ...own } });
    await house.call('POST', '/api/auth/sign-out', { token: null, headers: { cookie, ...own } });
    const key = await house.call('POST', '/api/v1/acme/api-keys', { body: { name: 'k', scopes: ['read'] } });
    await house.call('DELETE', `/api/v1/acme/api-keys/${key.body.id}`);
    for (let n = 0; n < 3; n += 1) await house.call('GET', '/api/me', { token: key.body.key });

    const page = await house.call('GET', `/api/v1/acme/audit?target=${petra.email}&limit=100`);
    const of = (action: string) =>
      page.body.data.filter((entry: { action: string }) => entry.action === action);
    for (const action of ['session.started', 'session.ended', 'token.issued', 'password.chosen'])
      expect(of(action), action).toMatchObject([{ actor: { kind: 'user', id: petra.id }, ip: '127.0.0.1' }]);
    for (const action of ['token.refused', 'password.change_refused'])
      expect(of(action), action).toMatchObject([{ actor: { kind: 'system' }, ip: '127.0.0.1' }]);
    expect(JSON.stringify(page.body)).not.toContain('entirely new');
    const refused = await house.call('GET', '/api/v1/acme/audit?action=api_key.refused');
    expect(refused.body.data).toMatchObject([{ target: { id: key.body.id }, ip: '127.0.0.1' }]);
  });
});

describe('over https', () => {
  it('names the cookie so that no other host of the domain can plant one', async () => {
    const secure = await testApp({
      database: house.database,
      env: { PUBLIC_URL: 'https://watch.example.com' },
    });
    try {
      const answer = await secure.call('POST', '/api/auth/sign-in/email', {
        token: null,
        body: { email: alice.email, password },
      });
      expect(setCookies(answer)[0]).toMatch(/^__Host-watchkeeper\.session_token=.*; Secure/);
      const me = await secure.call('GET', '/api/me', { token: null, headers: { cookie: cookiesOf(answer) } });
      expect(me.status).toBe(200);
    } finally {
      await secure.close();
    }
  });
});
