import { afterAll, beforeAll, expect, test } from 'vitest';
import { streamsPerCredentialMax } from '../../server/src/modules/console/stream.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { join } from '../support/people.ts';
import { waitFor } from '../support/wait-for.ts';

/** We promise five seconds; a busy machine gets more time. */
const endedMsMax = 20_000;
const vera = { email: 'vera@club.example', name: 'Vera', password: 'looks but does not touch 1' };

let house: TestApp;
const opened: Stream[] = [];

beforeAll(async () => {
  house = await testApp({ listen: true });
});
afterAll(async () => {
  for (const stream of opened) stream.abort();
  await house.close();
});

interface Stream {
  status: number;
  retryAfter: string | null;
  ended: boolean;
  abort(): void;
}

async function listen(headers: Record<string, string>, org = 'default'): Promise<Stream> {
  const controller = new AbortController();
  const response = await fetch(`${house.url}/api/v1/${org}/stream`, { headers, signal: controller.signal });
  const stream: Stream = {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    ended: false,
    abort: () => controller.abort(),
  };
  opened.push(stream);
  void response
    .arrayBuffer()
    .catch(() => undefined)
    .then(() => {
      stream.ended = true;
    });
  return stream;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const ends = (what: string, stream: Stream) =>
  waitFor(what, async () => (stream.ended ? true : undefined), endedMsMax);

async function keyOf(scopes: string[]): Promise<{ id: string; key: string }> {
  const made = await house.call('POST', '/api/v1/default/api-keys', { body: { name: 'k', scopes } });
  return made.body;
}

async function signIn(person: { email: string; password: string }): Promise<string> {
  const answer = await house.http.inject({
    method: 'POST',
    url: '/api/auth/sign-in/email',
    headers: { origin: 'http://localhost:0' },
    payload: person,
  });
  return answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
}

test('a stream ends when its key, membership, role, session or password is gone, and other streams stay', async () => {
  await join(house, 'default', vera, 'viewer');
  const members = await house.call('GET', '/api/v1/orgs/default/members');
  const id = members.body.data[0].id;
  const stays = await listen(bearer((await keyOf(['read'])).key));

  const key = await keyOf(['read']);
  const ofKey = await listen(bearer(key.key));
  await house.call('DELETE', `/api/v1/default/api-keys/${key.id}`);
  await ends('the stream of a revoked key to end', ofKey);

  const session = await signIn({ email: vera.email, password: vera.password });
  const ofSession = await listen({ cookie: session });
  expect(ofSession.status).toBe(200);
  await house.http.inject({
    method: 'POST',
    url: '/api/auth/sign-out',
    headers: { cookie: session, origin: 'http://localhost:0' },
  });
  await ends('the stream of a session that signed out to end', ofSession);

  const { token } = (await house.call('POST', '/api/auth/token', { token: null, body: vera2() })).body;
  const ofToken = await listen(bearer(token));
  expect(ofToken.status).toBe(200);
  await house.http.inject({
    method: 'POST',
    url: '/api/auth/change-password',
    headers: { cookie: await signIn(vera2()), origin: 'http://localhost:0' },
    payload: { current_password: vera.password, new_password: 'another one of hers 2' },
  });
  await ends('the stream of a token older than the password to end', ofToken);

  const again = { email: vera.email, password: 'another one of hers 2' };
  const last = (await house.call('POST', '/api/auth/token', { token: null, body: again })).body.token;
  const ofMember = await listen(bearer(last));
  expect(ofMember.status).toBe(200);
  await house.call('DELETE', `/api/v1/orgs/default/members/${id}`);
  await ends('the stream of a removed member to end', ofMember);
  expect(stays.ended).toBe(false);
  stays.abort();
});

const vera2 = () => ({ email: vera.email, password: vera.password });

test('a lost right also ends a stream when its NOTIFY never arrives', async () => {
  const key = await keyOf(['read']);
  const stream = await listen(bearer(key.key));
  // As if the NOTIFY had been lost.
  await house.ctx.db.pool.query('update api_keys set revoked_at = now() where id = $1', [key.id]);
  await ends('the stream to end', stream);
});

test('one key cannot hold more streams than its limit, and others still get theirs', async () => {
  const { key } = await keyOf(['read']);
  const streams = await Promise.all(
    Array.from({ length: streamsPerCredentialMax + 5 }, () => listen(bearer(key))),
  );
  const refused = streams.filter((stream) => stream.status === 429);
  expect(streams.filter((stream) => stream.status === 200)).toHaveLength(streamsPerCredentialMax);
  expect(refused).toHaveLength(5);
  expect(Number(refused[0]?.retryAfter)).toBeGreaterThan(0);
  expect((await listen(bearer((await keyOf(['read'])).key))).status).toBe(200);
  expect((await listen(bearer((await keyOf(['alerts:operate'])).key))).status).toBe(403);
  streams.find((stream) => stream.status === 200)?.abort();
  await waitFor(
    'room for one more',
    async () => ((await listen(bearer(key))).status === 200 ? true : undefined),
    endedMsMax,
  );
});
