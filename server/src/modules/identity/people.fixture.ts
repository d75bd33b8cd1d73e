import type { Role } from '@watchkeeper/contracts';
import { expect } from 'vitest';
import type { TestApp } from '../../../../test/support/app.ts';

export const password = 'correct horse battery 7';

export interface Person {
  readonly id: string;
  readonly email: string;
  /** The person's bearer token. */
  readonly token: string;
}

export async function givenOrganization(house: TestApp, slug: string): Promise<{ id: string; slug: string }> {
  const created = await house.call('POST', '/api/v1/orgs', { body: { slug, name: `The ${slug}` } });
  expect(created.status).toBe(201);
  return created.body;
}

/** Makes a member of `slug` who can sign in: alice@acme.example of acme, and so on. */
export async function givenMember(house: TestApp, slug: string, name: string, role: Role): Promise<Person> {
  const email = `${name}@${slug}.example`;
  const invited = await house.call('POST', `/api/v1/orgs/${slug}/members`, { body: { email, role, name } });
  expect(invited.status).toBe(201);
  const id = await joinAsNew(house, invited.body);
  return { id, email, token: await tokenOf(house, email) };
}

/** The person opens the link of an invitation and chooses a password. */
export async function joinAsNew(
  house: TestApp,
  invited: { invitation: { url: string } },
  chosen: string = password,
): Promise<string> {
  const joined = await house.call('POST', '/api/auth/set-password', {
    token: null,
    body: { token: linkToken(invited.invitation.url), password: chosen },
  });
  expect(joined.status).toBe(200);
  return joined.body.user.id;
}

export function linkToken(url: string): string {
  return new URL(url).searchParams.get('token') ?? '';
}

export async function tokenOf(house: TestApp, email: string): Promise<string> {
  const answer = await house.call('POST', '/api/auth/token', { token: null, body: { email, password } });
  expect(answer.status).toBe(200);
  return answer.body.token;
}

/** The newest audit record of an action in an organization, read as the house's own key. */
export async function lastAudit(house: TestApp, slug: string, action: string) {
  const page = await house.call('GET', `/api/v1/${slug}/audit?action=${action}&limit=1`);
  expect(page.status).toBe(200);
  return page.body.data[0];
}

/** The `name=value` pairs of Set-Cookie, as a browser would send them back. */
export function cookiesOf(answer: { headers: Record<string, unknown> }): string {
  return setCookies(answer)
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

export function setCookies(answer: { headers: Record<string, unknown> }): string[] {
  const header = answer.headers['set-cookie'];
  return Array.isArray(header) ? header.map(String) : header === undefined ? [] : [String(header)];
}
