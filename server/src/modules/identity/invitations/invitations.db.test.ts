import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, type TestApp, testApp } from '../../../../../test/support/app.ts';
import { testClock } from '../../../../../test/support/clock.ts';
import {
  givenMember,
  givenOrganization,
  joinAsNew,
  lastAudit,
  linkToken,
  type Person,
  password,
  tokenOf,
} from '../people.fixture.ts';

const clock = testClock();
let house: TestApp;
/** Each owns an organization, and tries to act as the victim in another one. */
let mallory: Person;
let bob: Person;
let counter = 0;
let victim: string;

beforeAll(async () => {
  house = await testApp({ clock });
  await givenOrganization(house, 'evil');
  await givenOrganization(house, 'bank');
  mallory = await givenMember(house, 'evil', 'mallory', 'owner');
  bob = await givenMember(house, 'bank', 'bob', 'owner');
});
afterAll(() => house.close());
beforeEach(() => {
  counter += 1;
  victim = `victim${counter}@example.com`;
});

const own = { origin: 'http://localhost:0' };
const invite = (slug: string, by: string | undefined, email = victim, role = 'admin') =>
  house.call('POST', `/api/v1/orgs/${slug}/members`, {
    ...(by === undefined ? {} : { token: by }),
    body: { email, role },
  });
const open = (url: string, chosen: string) =>
  house.call('POST', '/api/auth/set-password', {
    token: null,
    headers: own,
    body: { token: linkToken(url), password: chosen },
  });
const accept = (url: string, token: string) =>
  house.call('POST', '/api/me/invitations/accept', { token, body: { token: linkToken(url) } });
const invitationsOf = async (token: string) =>
  (await house.call('GET', '/api/me/invitations', { token })).body.data;
const renew = (slug: string, id: string, token: string) =>
  house.call('POST', `/api/v1/orgs/${slug}/members/${id}/password-link`, { token });

async function tokenWith(email: string, chosen: string): Promise<Answer> {
  return await house.call('POST', '/api/auth/token', { token: null, body: { email, password: chosen } });
}

async function slugsOf(token: string): Promise<string[]> {
  const me = await house.call('GET', '/api/me', { token });
  return me.body.organizations.map((one: { slug: string }) => one.slug);
}

describe('a person with an account who is invited elsewhere', () => {
  it('is no member until they accept, signed in and with the link', async () => {
    const carol = await givenMember(house, 'evil', `carol${counter}`, 'viewer');
    const invited = await invite('bank', bob.token, carol.email);
    expect(invited.body).toMatchObject({ status: 'invited', set_password: null });
    expect(await slugsOf(carol.token)).toEqual(['evil']);
    expect((await house.call('GET', '/api/v1/orgs/bank', { token: carol.token })).status).toBe(404);

    const look = await house.call('POST', '/api/auth/link', {
      token: null,
      body: { token: linkToken(invited.body.invitation.url) },
    });
    expect(look.body).toMatchObject({
      email: carol.email,
      has_account: true,
      invitation: { organization: { slug: 'bank' }, role: 'admin', invited_by: 'bob' },
    });
    expect(await invitationsOf(carol.token)).toMatchObject([
      { organization: { slug: 'bank' }, role: 'admin' },
    ]);
    const accepted = await accept(invited.body.invitation.url, carol.token);
    expect([accepted.status, accepted.body.organization.slug]).toEqual([200, 'bank']);
    expect(await slugsOf(carol.token)).toEqual(['bank', 'evil']);
    expect(await lastAudit(house, 'bank', 'member.added')).toMatchObject({
      actor: { kind: 'user', id: carol.id },
      ip: '127.0.0.1',
    });
    expect(await invitationsOf(carol.token)).toEqual([]);
    expect((await accept(invited.body.invitation.url, carol.token)).status).toBe(401);
  });

  it('may decline without the link; nobody else may do so for them', async () => {
    const carol = await givenMember(house, 'evil', `carol${counter}`, 'viewer');
    const invited = await invite('bank', bob.token, carol.email);
    const decline = (token: string) =>
      house.call('DELETE', `/api/me/invitations/${invited.body.id}`, { token });
    expect((await decline(mallory.token)).status).toBe(404);
    expect((await accept(invited.body.invitation.url, mallory.token)).status).toBe(403);
    expect((await decline(carol.token)).status).toBe(204);
    expect((await accept(invited.body.invitation.url, carol.token)).status).toBe(401);
    expect(await lastAudit(house, 'bank', 'member.invitation_declined')).toMatchObject({
      target: { name: carol.email },
    });
  });

  it('keeps their password: the link of an invitation never sets one that exists', async () => {
    const carol = await givenMember(house, 'evil', `carol${counter}`, 'viewer');
    const invited = await invite('bank', bob.token, carol.email);
    const opened = await open(invited.body.invitation.url, 'taken over by bob 1');
    expect([opened.status, opened.body.code]).toEqual([409, 'conflict']);
    expect((await tokenWith(carol.email, password)).status).toBe(200);
  });

  it('must be signed in: an API key is refused', async () => {
    expect((await house.call('GET', '/api/me/invitations')).status).toBe(403);
    expect((await house.call('GET', '/api/me/invitations', { token: null })).status).toBe(401);
  });
});

describe('an admin who tries to act as somebody else in another organization fails', () => {
  it('with the kept link, used before the other organization invites', async () => {
    const evil = await invite('evil', mallory.token);
    await open(evil.body.invitation.url, 'chosen by mallory 1');
    const bank = await invite('bank', bob.token);
    expect(bank.status).toBe(201);
    const asVictim = (await tokenWith(victim, 'chosen by mallory 1')).body.token;
    expect(await slugsOf(asVictim)).toEqual(['evil']);
    // The visible part of the other invitation is not enough to accept it.
    const [seen] = await invitationsOf(asVictim);
    expect(JSON.stringify(seen)).not.toMatch(/token=/);
    for (const guess of [seen.id, linkToken(evil.body.invitation.url), 'a guess']) {
      const tried = await accept(`http://x/?token=${guess}`, asVictim);
      expect(tried.status).toBe(401);
    }
    expect(await slugsOf(asVictim)).toEqual(['evil']);
  });

  it('with the kept link, used after the other organization invited', async () => {
    const evil = await invite('evil', mallory.token);
    const bank = await invite('bank', bob.token);
    await open(evil.body.invitation.url, 'chosen by mallory 1');
    const asVictim = (await tokenWith(victim, 'chosen by mallory 1')).body.token;
    expect(await slugsOf(asVictim)).toEqual(['evil']);
    expect((await accept(evil.body.invitation.url, asVictim)).status).toBe(401);
    expect((await open(bank.body.invitation.url, 'the real person 1')).status).toBe(409);
  });

  it('with the kept link, used after the person joined the other organization', async () => {
    const evil = await invite('evil', mallory.token);
    const bank = await invite('bank', bob.token);
    await joinAsNew(house, bank.body);
    const opened = await open(evil.body.invitation.url, 'chosen by mallory 1');
    expect(opened.status).toBe(409);
    expect((await tokenWith(victim, 'chosen by mallory 1')).status).toBe(401);
    expect((await tokenWith(victim, password)).status).toBe(200);
  });

  it('with a password link made while the account was only theirs, used after the person joined another organization', async () => {
    const id = await joinAsNew(house, (await invite('evil', mallory.token)).body);
    const kept = await renew('evil', id, mallory.token);
    expect(kept.status).toBe(201);
    const bank = await invite('bank', bob.token);
    await accept(bank.body.invitation.url, await tokenOf(house, victim));
    expect((await open(kept.body.url, 'chosen by mallory 1')).status).toBe(401);
    expect((await renew('evil', id, mallory.token)).status).toBe(409);
    expect((await tokenWith(victim, password)).status).toBe(200);
  });

  it('with the kept link, used after removing the person', async () => {
    const id = await joinAsNew(house, (await invite('evil', mallory.token)).body);
    const kept = await renew('evil', id, mallory.token);
    await house.call('DELETE', `/api/v1/orgs/evil/members/${id}`, { token: mallory.token });
    expect((await open(kept.body.url, 'chosen by mallory 1')).status).toBe(401);
    // Invited again, the person has an account; no link opens it.
    const again = await invite('evil', mallory.token);
    expect(again.body.set_password).toBeNull();
    expect((await open(again.body.invitation.url, 'chosen by mallory 1')).status).toBe(409);
    expect((await renew('evil', id, mallory.token)).status).toBe(404);
    expect((await tokenWith(victim, password)).status).toBe(200);
  });

  it('as soon as the person is back, even after signing in as the person while the account was only theirs', async () => {
    const id = await joinAsNew(house, (await invite('evil', mallory.token)).body);
    const reset = await renew('evil', id, mallory.token);
    await open(reset.body.url, 'chosen by mallory 1');
    const held = (await tokenWith(victim, 'chosen by mallory 1')).body.token;
    const back = await renew('evil', id, mallory.token);
    await open(back.body.url, 'the real person 1');
    expect((await house.call('GET', '/api/me', { token: held })).status).toBe(401);
  });

  it('to open an account of the provider, like everybody else', async () => {
    await house.ctx.db.pool.query(
      `insert into users (id, name, email, provider_role, created_at, updated_at)
       values (gen_random_uuid(), 'staff', $1, 'provider', now(), now())`,
      [victim],
    );
    for (const by of [mallory.token, undefined]) {
      const evil = await invite('evil', by);
      expect((await open(evil.body.invitation.url, 'chosen by mallory 1')).status).toBe(409);
      await house.call('DELETE', `/api/v1/orgs/evil/members/${evil.body.id}`);
    }
  });

  it('to find a link again in an answer, a list or the audit', async () => {
    const invited = await invite('evil', mallory.token);
    const secret = linkToken(invited.body.invitation.url);
    const texts = await Promise.all(
      ['/api/v1/orgs/evil/members?limit=500', '/api/v1/evil/audit?limit=500'].map(async (path) =>
        JSON.stringify((await house.call('GET', path, { token: mallory.token })).body),
      ),
    );
    expect(texts.join()).not.toContain(secret);
    const { rows } = await house.ctx.db.pool.query('select i.*::text from invitations i');
    expect(JSON.stringify(rows)).not.toContain(secret);
  });
});

it('only its own organization can open an account of the previous release that has no password', async () => {
  // The previous release made a member at once, with a link that names no organization.
  const { rows } = await house.ctx.db.pool.query(
    `with u as (insert into users (id, name, email, created_at, updated_at)
       values (gen_random_uuid(), 'old', $1, now(), now()) returning id),
     m as (insert into members select o.id, u.id, 'viewer', now(), now() from u, organizations o
       where o.slug = 'bank')
     select id from u`,
    [victim],
  );
  const evil = await invite('evil', mallory.token);
  expect((await open(evil.body.invitation.url, 'chosen by mallory 1')).status).toBe(409);
  const link = await renew('bank', rows[0].id, bob.token);
  expect((await open(link.body.url, 'the real person 1')).status).toBe(200);
});
