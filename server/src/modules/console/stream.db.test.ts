import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../../../test/support/app.ts';
import { waitFor } from '../../../../test/support/wait-for.ts';
import { modules } from '../../app.ts';

const declared = modules.flatMap(({ live }) => live ?? []);

let house: TestApp;
let organizationId: string;
const opened: AbortController[] = [];

beforeAll(async () => {
  house = await testApp({ listen: true });
  const organizations = await house.call('GET', '/api/v1/orgs');
  organizationId = organizations.body.data[0].id;
});
afterAll(async () => {
  for (const controller of opened) controller.abort();
  await house.close();
});

async function keyOf(scopes: readonly string[]): Promise<{ id: string; key: string }> {
  return (await house.call('POST', '/api/v1/default/api-keys', { body: { name: 'k', scopes } })).body;
}

/** Listens, and collects the topics that arrive. */
async function listen(key: string, query = ''): Promise<{ heard: Set<string>; ended: () => boolean }> {
  const controller = new AbortController();
  opened.push(controller);
  const { body, status } = await fetch(`${house.url}/api/v1/default/stream${query}`, {
    headers: { authorization: `Bearer ${key}` },
    signal: controller.signal,
  });
  expect(status).toBe(200);
  const heard = new Set<string>();
  let ended = false;
  void (async () => {
    let text = '';
    for await (const chunk of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (const [, topic = ''] of text.matchAll(/^data: \{"topic":"(\w+)"/gm)) heard.add(topic);
    }
    ended = true;
  })().catch(() => undefined);
  return { heard, ended: () => ended };
}

/** Publishes a change on all topics, last on one that everybody gets here. */
async function changeEverything(last: string): Promise<void> {
  const topics = [
    ...declared.map(({ topic }) => topic).filter((topic) => topic !== last),
    'undeclared',
    last,
  ];
  for (const topic of topics)
    await house.ctx.db.tenant(organizationId, (tx) =>
      house.ctx.live.publish(tx, { organizationId, topic, ids: [] }),
    );
}

test('each topic needs the permission that its module declares', async () => {
  const permissions = [...new Set(declared.map(({ permission }) => permission))];
  expect(permissions.length).toBeGreaterThan(1);
  for (const own of permissions) {
    const scopes = new Set(['read', own]);
    const { heard } = await listen((await keyOf([...scopes])).key);
    await changeEverything('site');
    await waitFor('the last topic', () => heard.has('site'));
    const allowed = declared.filter(({ permission }) => scopes.has(permission)).map(({ topic }) => topic);
    expect([...heard].sort()).toEqual([...allowed].sort());
  }
});

test('a stream of named topics has only these', async () => {
  const { heard } = await listen((await keyOf(['read'])).key, '?topics=alert,%20site');
  await changeEverything('site');
  await waitFor('the last topic', () => heard.has('site'));
  expect([...heard].sort()).toEqual(['alert', 'site']);
});

test('an unknown topic is refused with the list of known ones', async () => {
  const { status, body } = await house.call('GET', '/api/v1/default/stream?topics=alert,weather');
  expect([status, body.code]).toEqual([400, 'validation_failed']);
  expect(body.errors[0].message).toMatch(/^there is no topic "weather"; choose from: alert, api_key, /);
});

test('a topic that needs more rights is refused', async () => {
  const { key } = await keyOf(['read']);
  const answer = await house.call('GET', '/api/v1/default/stream?topics=api_key', { token: key });
  expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
  expect(answer.body.detail).toContain('"keys:write"');
});

test('a stream ends when its caller loses the right to one of its topics', async () => {
  const { id, key } = await keyOf(['read', 'keys:write']);
  const { ended } = await listen(key);
  const { ended: other } = await listen((await keyOf(['read'])).key);
  // No route removes a scope from a key; a change of role does the same to a person.
  await house.ctx.db.pool.query(`update api_keys set scopes = '{read}' where id = $1`, [id]);
  await house.ctx.db.tenant(organizationId, (tx) =>
    house.ctx.live.publish(tx, { organizationId, topic: 'api_key', ids: [] }),
  );
  await waitFor('the stream to end', ended);
  expect(other()).toBe(false);
});
