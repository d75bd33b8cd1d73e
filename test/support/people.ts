import type { TestApp } from './app.ts';

export interface Person {
  email: string;
  name: string;
  password: string;
}

/** Invites a person, who joins as people do: with a new password, or signed in. */
export async function join(house: TestApp, org: string, person: Person, role: string): Promise<void> {
  const { email, name, password } = person;
  const invited = await house.call('POST', `/api/v1/orgs/${org}/members`, { body: { email, name, role } });
  if (invited.status !== 201) throw new Error(`invite: ${JSON.stringify(invited.body)}`);
  const token = new URL(invited.body.invitation.url).searchParams.get('token');
  const joined =
    invited.body.set_password === null
      ? await house.call('POST', '/api/me/invitations/accept', {
          token: await bearerOf(house, email, password),
          body: { token },
        })
      : await house.call('POST', '/api/auth/set-password', { token: null, body: { token, password } });
  if (joined.status !== 200) throw new Error(`join: ${JSON.stringify(joined.body)}`);
}

async function bearerOf(house: TestApp, email: string, password: string): Promise<string> {
  const answer = await house.call('POST', '/api/auth/token', { token: null, body: { email, password } });
  return answer.body.token;
}
