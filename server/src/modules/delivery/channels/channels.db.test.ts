import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../../../test/support/app.ts';
import { smtpError, startMailServer } from '../mail-server.fixture.ts';
import { isSignedWith, type Receiver, startReceiver } from '../receiver.fixture.ts';
import { channelKinds } from '../registry.ts';

const base = '/api/v1/default/channels';
const hookPath = 'T0/B0/slack-path-secret';
let house: TestApp;
let receiver: Receiver;
let reader: string;
const missing = '01980000-0000-7000-8000-000000000000';

beforeAll(async () => {
  house = await testApp();
  const key = await house.call('POST', '/api/v1/default/api-keys', {
    body: { name: 'reader', scopes: ['read'] },
  });
  reader = key.body.key;
  await house.call('POST', '/api/v1/orgs', { body: { slug: 'other', name: 'Other' } });
  receiver = await startReceiver();
});
afterAll(async () => {
  await house.close();
  await receiver[Symbol.asyncDispose]();
});
afterEach(() => {
  receiver.answer = { status: 200, body: 'ok' };
  receiver.received.length = 0;
});

const webhookBody = (over: object = {}) => ({
  kind: 'webhook',
  name: 'Ops',
  config: { url: receiver.url },
  ...over,
});
async function add(body: object = webhookBody(), path = base) {
  const answer = await house.call('POST', path, { body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}
async function lastAudit(action: string) {
  const answer = await house.call('GET', `/api/v1/default/audit?action=${action}`);
  return answer.body.data[0];
}

describe('the result of the last message', () => {
  // In an organization of its own: other tests expect an empty ledger in the default one.
  const others = '/api/v1/other/channels';
  it('is shown with the channel, in the list and by itself', async () => {
    const { id } = await add(webhookBody({ name: 'Health' }), others);
    const read = async () => (await house.call('GET', `${others}/${id}`)).body.last_result;
    expect(await read()).toBeNull();
    const organization = (
      await house.ctx.db.pool.query('select organization_id from channels where id = $1', [id])
    ).rows[0].organization_id;
    for (const [status, at, reason] of [
      ['sent', '2026-11-20T10:00:00Z', null],
      ['failed', '2026-11-20T11:00:00Z', 'The receiver answered 500.'],
      ['not_sent', '2026-11-20T12:00:00Z', 'It was muted.'],
    ]) {
      await house.ctx.db.pool.query(
        `insert into notifications (organization_id, id, alert_id, transition_id, transition_kind, channel_id, recipient, status, reason, facts, created_at, settled_at)
         values ($1, $2, $2, $2, 'opened', $3, 'x', $4, $5, '{}', $6, $6)`,
        [organization, crypto.randomUUID(), id, status, reason, at],
      );
    }
    const expected = {
      status: 'failed',
      at: '2026-11-20T11:00:00.000Z',
      reason: 'The receiver answered 500.',
      answer: null,
    };
    expect(await read()).toEqual(expected);
    const { data } = (await house.call('GET', others)).body;
    expect(data.find((channel: { id: string }) => channel.id === id)).toMatchObject({
      version: 1,
      last_result: expected,
    });
  });
});

describe('adding a channel', () => {
  it('makes a signing secret and shows it only once', async () => {
    const created = await add();
    expect(created).toMatchObject({
      kind: 'webhook',
      min_severity: 'low',
      enabled: true,
      managed_by: null,
      config: { url: receiver.url, secret: '***' },
    });
    expect(created.shown_once.secret).toMatch(/^whsec_/);
    const read = await house.call('GET', `${base}/${created.id}`);
    expect(read.body.config).toEqual({ url: receiver.url, secret: '***' });
    expect(read.body).not.toHaveProperty('shown_once');
    expect(JSON.stringify(await house.call('GET', base))).not.toContain(created.shown_once.secret);
  });

  it("keeps the caller's own secret and never shows it", async () => {
    const secret = 'a secret of my own choice';
    const created = await add(webhookBody({ config: { url: receiver.url, secret } }));
    expect(created).not.toHaveProperty('shown_once');
    expect(JSON.stringify(created)).not.toContain(secret);
    const record = await lastAudit('channel.created');
    expect(record.target).toEqual({ kind: 'channel', id: created.id, name: 'Ops' });
    expect(JSON.stringify(record)).not.toContain(secret);
  });

  it('stores no secret as plain text', async () => {
    await add({ kind: 'slack', name: 'Slack', config: { webhook_url: `${receiver.url}/${hookPath}` } });
    const { rows } = await house.ctx.db.pool.query(
      'select config::text, secrets from channels union all select after::text, before::text from audit_log',
    );
    expect(JSON.stringify(rows)).not.toContain('slack-path-secret');
  });

  it.each([
    ['an unknown kind', { kind: 'pigeon' }, 'validation_failed', 'kind'],
    ['a missing field', { config: {} }, 'validation_failed', 'config.url'],
    [
      'an unknown field of the kind',
      { config: { url: 'https://x.test', colour: 1 } },
      'unknown_field',
      'config.colour',
    ],
    ['an unknown field', { color: 1 }, 'unknown_field', 'color'],
    ['no URL', { config: { url: 'nonsense' } }, 'validation_failed', 'config.url'],
    ['a private address', { config: { url: 'http://10.0.0.1/' } }, 'validation_failed', 'config.url'],
    ['a severity that does not exist', { min_severity: 'loud' }, 'validation_failed', 'min_severity'],
    [
      'a bad address',
      { kind: 'email', config: { to: ['a@x.test', 'nonsense'] } },
      'validation_failed',
      'config.to.1',
    ],
    [
      'a header in an address',
      { kind: 'email', config: { to: ['a@x.test\r\nBcc: b@x.test'] } },
      'validation_failed',
      'config.to.0',
    ],
    ['half a character', { kind: 'email', config: { to: ['\ud800@x.test'] } }, 'validation_failed', 'config'],
    [
      'a short secret',
      { config: { url: 'https://x.test', secret: 'short' } },
      'validation_failed',
      'config.secret',
    ],
  ])('with %s is refused, naming the field', async (_name, over, code, field) => {
    const answer = await house.call('POST', base, { body: webhookBody(over) });
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe(code);
    expect(answer.body.errors.map((error: { field: string }) => error.field)).toContain(field);
  });

  it('twice with one idempotency key adds one', async () => {
    const headers = { 'idempotency-key': 'add-ops-once' };
    const first = await house.call('POST', base, { body: webhookBody(), headers });
    const second = await house.call('POST', base, { body: webhookBody(), headers });
    expect(second.body.id).toBe(first.body.id);
  });
});

describe('a caller', () => {
  it('without a credential gets 401 everywhere', async () => {
    const { id } = await add();
    for (const [method, path] of routesOf(id)) {
      expect(
        (await house.call(method, path, { token: null, ...bodyFor(method, path) })).status,
        `${method} ${path}`,
      ).toBe(401);
    }
  });

  it('who may only read can change nothing, and does not see paths of URLs', async () => {
    const { id } = await add();
    for (const [method, path] of routesOf(id)) {
      const expected = method === 'GET' ? 200 : 403;
      expect(
        (await house.call(method, path, { token: reader, ...bodyFor(method, path) })).status,
        `${method} ${path}`,
      ).toBe(expected);
    }
    const seen = await house.call('GET', `${base}/${id}`, { token: reader });
    expect(seen.body.config.url).toBe(`${new URL(receiver.url).origin}/…`);
    expect(receiver.received).toEqual([]);
  });

  it('gets 404 for channels of another organization and for unknown ones', async () => {
    const { id: foreign } = await add(webhookBody(), '/api/v1/other/channels');
    for (const id of [foreign, missing]) {
      for (const [method, path] of routesOf(id).filter(([, path]) => path.includes(id))) {
        const answer = await house.call(method, path, bodyFor(method, path));
        expect(answer.status, `${method} ${path}`).toBe(404);
      }
    }
    expect(
      (await house.call('GET', `${base}?limit=500`)).body.data.map((row: { id: string }) => row.id),
    ).not.toContain(foreign);
    expect((await house.call('GET', `/api/v1/other/channels/${foreign}`)).status).toBe(200);
  });

  function routesOf(id: string) {
    return [
      ['GET', base],
      ['GET', '/api/v1/default/channel-kinds'],
      ['GET', '/api/v1/default/notifications'],
      ['GET', `${base}/${id}`],
      ['POST', base],
      ['PUT', `${base}/${id}`],
      ['POST', `${base}/${id}/test`],
      ['POST', `${base}/${id}/secret`],
      ['DELETE', `${base}/${id}`],
    ] as const;
  }
  function bodyFor(method: string, path: string) {
    if (method === 'PUT') return { body: { name: 'Changed', config: { url: receiver.url } } };
    return method === 'POST' && path === base ? { body: webhookBody() } : {};
  }
});

describe('changing a channel', () => {
  it('keeps a secret that is left out, and signs with it', async () => {
    const created = await add();
    const changed = await house.call('PUT', `${base}/${created.id}`, {
      body: {
        name: 'Night',
        config: { url: receiver.url, secret: '***' },
        min_severity: 'high',
        enabled: false,
      },
    });
    expect(changed.body).toMatchObject({
      name: 'Night',
      min_severity: 'high',
      enabled: false,
      config: { secret: '***' },
    });
    const again = await house.call('PUT', `${base}/${created.id}`, {
      body: { name: 'Night', config: { url: receiver.url } },
    });
    expect(again.body).toMatchObject({ min_severity: 'high', enabled: false, config: { secret: '***' } });
    const record = await lastAudit('channel.updated');
    expect(record.before).toMatchObject({ name: 'Night', enabled: false });
    await house.call('POST', `${base}/${created.id}/test`);
    expect(isSignedWith(created.shown_once.secret, receiver.received[0])).toBe(true);
  });

  it('is refused when somebody else changed it meanwhile', async () => {
    const { id } = await add();
    const { headers } = await house.call('GET', `${base}/${id}`);
    const change = {
      body: { name: 'Mine', config: { url: receiver.url } },
      headers: { 'if-match': String(headers.etag) },
    };
    expect((await house.call('PUT', `${base}/${id}`, change)).status).toBe(200);
    expect((await house.call('PUT', `${base}/${id}`, change)).status).toBe(412);
  });

  it('cannot change its kind', async () => {
    const { id } = await add();
    const answer = await house.call('PUT', `${base}/${id}`, {
      body: { kind: 'slack', name: 'x', config: {} },
    });
    expect(answer.body.errors[0].field).toBe('kind');
  });

  it('can replace the signing secret, which is shown only once', async () => {
    const created = await add();
    const rotated = await house.call('POST', `${base}/${created.id}/secret`);
    expect(rotated.body.shown_once.secret).toMatch(/^whsec_/);
    expect(rotated.body.shown_once.secret).not.toBe(created.shown_once.secret);
    const slack = await add({ kind: 'slack', name: 'S', config: { webhook_url: receiver.url } });
    expect((await house.call('POST', `${base}/${slack.id}/secret`)).status).toBe(409);
    expect((await lastAudit('channel.secret_rotated')).target.id).toBe(created.id);
  });
});

it('deletes a channel and records it', async () => {
  const { id, shown_once } = await add();
  expect((await house.call('DELETE', `${base}/${id}`)).status).toBe(204);
  expect((await house.call('GET', `${base}/${id}`)).status).toBe(404);
  expect(JSON.stringify(await lastAudit('channel.deleted'))).not.toContain(shown_once.secret);
  expect(await lastAudit('channel.deleted')).toMatchObject({
    target: { id },
    before: { kind: 'webhook', config: { url: receiver.url } },
  });
});

it('lists channels page by page', async () => {
  const ids = new Set<string>();
  const total = (await house.call('GET', `${base}?limit=500`)).body.data.length;
  for (let cursor: string | null = ''; cursor !== null; ) {
    const answer = await house.call('GET', `${base}?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    for (const channel of answer.body.data) ids.add(channel.id);
    cursor = answer.body.next_cursor;
  }
  expect(ids.size).toBe(total);
});

it('describes every kind with the schema of its config', async () => {
  const { data } = (await house.call('GET', '/api/v1/default/channel-kinds')).body;
  expect(data.map((kind: { kind: string }) => kind.kind)).toEqual(channelKinds.all.map(({ kind }) => kind));
  const webhook = data.find((kind: { kind: string }) => kind.kind === 'webhook');
  expect(webhook).toMatchObject({ secrets: ['secret', 'headers'], generated: ['secret'], available: true });
  expect(webhook.schema).toMatchObject({ type: 'object', required: ['url'], additionalProperties: false });
});

describe('routing', () => {
  const routing = {
    matchers: [{ name: 'site', op: 'is', value: 'dartmouth' }],
    hours: { weekdays: ['monday'], from: '08:00', to: '18:00', timezone: null },
  };

  it('is null until somebody sets it, stays when it is left out, and is taken away by null', async () => {
    const { id, routing: before } = await add();
    expect(before).toBeNull();
    const put = async (over: object) =>
      (
        await house.call('PUT', `${base}/${id}`, {
          body: { name: 'Ops', config: { url: receiver.url }, ...over },
        })
      ).body;
    expect((await put({ routing })).routing).toEqual(routing);
    expect(await lastAudit('channel.updated')).toMatchObject({
      before: { routing: null },
      after: { routing },
    });
    expect((await put({})).routing).toEqual(routing);
    expect((await house.call('GET', `${base}/${id}`)).body.routing).toEqual(routing);
    expect((await put({ routing: null })).routing).toBeNull();
  });

  it.each([
    [{ ...routing, matchers: [{ name: 'weather', op: 'is', value: 'rain' }] }, 'routing.matchers.0.name'],
    [{ ...routing, hours: { ...routing.hours, timezone: 'Mars/Olympus' } }, 'routing.hours.timezone'],
    [{ ...routing, hours: { ...routing.hours, from: '8' } }, 'routing.hours.from'],
  ])('is refused with the name of the field: %j', async (wrong, field) => {
    const { status, body } = await house.call('POST', base, { body: webhookBody({ routing: wrong }) });
    expect(status).toBe(400);
    expect(body.errors.map((error: { field: string }) => error.field)).toContain(field);
  });
});

describe('the test button', () => {
  it('tells Telegram where a pressed button is reported, and says what Telegram answered', async () => {
    receiver.answer = { status: 200, body: JSON.stringify({ ok: true, result: { message_id: 1 } }) };
    const origin = new URL(receiver.url).origin;
    const config = {
      bot_token: '123456789:AAFixtureFixtureFixtureFixtureFixture',
      chat_ids: ['-1001234567890'],
      webhook_secret: 'loopback-secret-of-the-webhook',
      api_url: origin,
    };
    const { id, callback_url } = await add({ kind: 'telegram', name: 'Night', config });
    expect(callback_url).toMatch(new RegExp(`/api/v1/inbound/telegram/${id}$`));
    const { body } = await house.call('POST', `${base}/${id}/test`);
    expect(body).toMatchObject({
      outcome: 'sent',
      results: [{ recipient: '-1001234567890' }, { recipient: `buttons: ${callback_url}` }],
    });
    expect(JSON.parse(receiver.received.at(-1)?.body ?? '{}')).toEqual({
      url: callback_url,
      secret_token: config.webhook_secret,
      allowed_updates: ['callback_query'],
    });
    const sent = { status: 200, body: JSON.stringify({ ok: true, result: { message_id: 2 } }) };
    const description = 'Bad Request: bad webhook: An HTTPS URL must be provided for webhook';
    receiver.answers.push(sent, { status: 400, body: JSON.stringify({ ok: false, description }) });
    const refused = (await house.call('POST', `${base}/${id}/test`)).body;
    expect(refused).toMatchObject({ outcome: 'permanent', detail: expect.stringContaining('An HTTPS URL') });
  });

  it("sends a real message and answers with the receiver's answer", async () => {
    const { id } = await add();
    expect((await house.call('POST', `${base}/${id}/test`)).body).toEqual({
      outcome: 'sent',
      detail: 'HTTP 200: ok',
      status: 200,
      duration_ms: expect.any(Number),
      results: [
        {
          recipient: new URL(receiver.url).host,
          outcome: 'sent',
          detail: 'HTTP 200: ok',
          status: 200,
          duration_ms: expect.any(Number),
        },
      ],
    });
    expect(JSON.parse(receiver.received[0]?.body ?? '{}').type).toBe('test');
    expect(await lastAudit('channel.tested')).toMatchObject({ target: { id }, after: { outcome: 'sent' } });
  });

  it("shows the receiver's refusal, and leaves nothing to be retried", async () => {
    const { id } = await add();
    receiver.answer = { status: 404, body: 'no such hook' };
    expect((await house.call('POST', `${base}/${id}/test`)).body).toMatchObject({
      outcome: 'permanent',
      reason: 'The receiver refused the message (404).',
      detail: 'HTTP 404: no such hook',
    });
    expect((await house.call('GET', '/api/v1/default/notifications')).body.data).toEqual([]);
  });

  it('works on a channel that is switched off', async () => {
    const { id } = await add(webhookBody({ enabled: false }));
    expect((await house.call('POST', `${base}/${id}/test`)).body.outcome).toBe('sent');
  });

  it('sends to each address of a mail channel and answers with the worst result', async () => {
    await using mail = await startMailServer({
      onRcptTo: (address, _session, done) =>
        done(address.address.startsWith('gone') ? smtpError(550, 'no such user') : undefined),
    });
    await using own = await testApp({ env: { SMTP_URL: mail.url } });
    const body = { kind: 'email', name: 'Mail', config: { to: ['ops@x.test', 'gone@x.test'] } };
    const { id } = (await own.call('POST', base, { body })).body;
    const answer = await own.call('POST', `${base}/${id}/test`);
    expect(answer.body).toMatchObject({ outcome: 'permanent', detail: '550 no such user' });
    expect(answer.body.results.map((result: { outcome: string }) => result.outcome)).toEqual([
      'sent',
      'permanent',
    ]);
    expect(mail.mails.map((sent) => sent.to)).toEqual([['ops@x.test']]);
  });
});

describe('the ledger', () => {
  it.each([
    '?alert=nonsense',
    '?status=lost',
    '?since=yesterday',
    '?cursor=x',
    '?since=2026-02-30T00:00:00Z',
    `?cursor=${Buffer.from(JSON.stringify([new Date(0), '-'.repeat(36)])).toString('base64url')}`,
    '?limit=0',
    '?colour=red',
  ])('refuses %s', async (query) => {
    expect((await house.call('GET', `/api/v1/default/notifications${query}`)).status).toBe(400);
  });
});

describe('watchkeeper.yaml', () => {
  const apply = (channels: object[], over: object = {}) =>
    house.call('POST', '/api/v1/other/apply', { body: { manifest: { channels }, ...over } });
  const steps = (answer: { body: { plan: { action: string; key: string }[] } }) =>
    answer.body.plan.map((step) => `${step.action} ${step.key}`);
  const night = () => ({
    name: 'Night',
    kind: 'webhook',
    config: { url: receiver.url },
    min_severity: 'high',
  });

  it('adds, changes and keeps channels by their name, and shows a secret that it made once', async () => {
    const dry = await apply([night()], { dry_run: true });
    expect(steps(dry)).toEqual(['create Night']);
    const first = await apply([night()]);
    expect(first.body.tokens['channel Night secret']).toMatch(/^whsec_/);
    expect(JSON.stringify(first.body.plan)).not.toContain(first.body.tokens['channel Night secret']);
    expect(steps(await apply([night()]))).toEqual(['unchanged Night']);
    const changed = await apply([{ ...night(), enabled: false }]);
    expect(changed.body.plan[0].changes).toEqual([{ field: 'enabled', from: true, to: false }]);
  });

  it('shows that a secret changes, and never the secret itself', async () => {
    await apply([{ name: 'Chat', kind: 'slack', config: { webhook_url: `${receiver.url}/one` } }]);
    const answer = await apply([
      { name: 'Chat', kind: 'slack', config: { webhook_url: `${receiver.url}/two` } },
    ]);
    expect(answer.body.plan[0].changes).toEqual([
      { field: 'config', from: { webhook_url: '***' }, to: { webhook_url: '*** (new)' } },
    ]);
  });

  it('deletes channels that it does not name only with prune', async () => {
    await apply([night()]);
    expect(steps(await apply([], { prune: true }))).toContain('delete Night');
    expect((await house.call('GET', '/api/v1/other/channels')).body.data).toEqual([]);
  });

  it.each([
    [
      'a private address',
      [{ name: 'x', kind: 'webhook', config: { url: 'http://10.0.0.1/' } }],
      'manifest.channels.0.config.url',
    ],
    ['an unknown kind', [{ name: 'x', kind: 'pigeon', config: {} }], 'manifest.channels.0.kind'],
    [
      'one name twice',
      [
        { name: 'x', kind: 'console', config: {} },
        { name: 'x', kind: 'console', config: {} },
      ],
      'manifest.channels.1.name',
    ],
  ])('with %s changes nothing and names the place', async (_name, channels, field) => {
    const answer = await apply(channels);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].field).toBe(field);
    expect((await house.call('GET', '/api/v1/other/channels')).body.data).toEqual([]);
  });

  it('never changes channels of the environment', async () => {
    await using own = await testApp({ env: { WEBHOOK_URLS: receiver.url } });
    const answer = await own.call('POST', '/api/v1/default/apply', {
      body: { manifest: { channels: [] }, prune: true },
    });
    expect(answer.body.plan).toEqual([]);
    expect((await own.call('GET', base)).body.data).toHaveLength(1);
  });
});
